"""`pliego play`: a whole public purchase over the HTTP API of a running practice installation, as several people.

Guarantees: nothing is done but through the API that anybody has; every person registers anew, with a mailed code and a
real second factor; offers are sealed and opened here with the people's own keys; the first refusal ends the play.
"""

from pliego.demo.play.person import Person, Stage
from pliego.demo.play.site import PlayFailed, Site
from pliego.demo.play.story import PLAYS, Story

__all__ = ["PLAYS", "Person", "PlayFailed", "Site", "Stage", "Story"]
