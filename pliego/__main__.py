from pliego.config.cli import main

main()
