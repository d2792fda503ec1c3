"""What stands against deciding a process. Each rule takes the tender and the moment and changes nothing."""
