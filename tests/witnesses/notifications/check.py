"""Run by the Python of its own environment: what the serializer of Open Notificaties says.

A message a line comes in; for each a line goes out, its errors as JSON, an empty object for none.
"""

# mypy: disable-error-code="import-not-found"

import json
import sys

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "rest_framework"],
    USE_TZ=True,
    LANGUAGE_CODE="nl",
)
django.setup()

from djangorestframework_camel_case.util import underscoreize  # noqa: E402
from notifications_api_common.api.serializers import NotificatieSerializer  # noqa: E402

for line in sys.stdin:
    serializer = NotificatieSerializer(data=underscoreize(json.loads(line)))
    serializer.is_valid()
    sys.stdout.write(json.dumps(serializer.errors) + "\n")
