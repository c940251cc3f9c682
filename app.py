"""Start page and API on one port; what to serve comes from assistant.toml, ASSISTANT_… variables and defaults."""

import sys

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.web.server import serve

if __name__ == "__main__":
    try:
        serve(Settings.load())
    except AssistantError as error:
        sys.exit(str(error))
