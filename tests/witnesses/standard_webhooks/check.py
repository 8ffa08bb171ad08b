"""Run by the Python of its own environment: what the library of Standard Webhooks says.

A delivery a line comes in; for each a line goes out: the type of what it believes, or "refused".
"""

# mypy: disable-error-code="import-not-found"

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

for line in sys.stdin:
    told = json.loads(line)
    try:
        body = Webhook(told["secret"]).verify(told["body"], told["headers"])
        sys.stdout.write(f"{body['type']}\n")
    except WebhookVerificationError:
        sys.stdout.write("refused\n")
