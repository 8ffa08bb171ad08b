"""A walk along the API in commands, from an invitation to a stored response.

The page for people shows it; a test runs it as it stands here, in a shell, against a service.
"""

import msgspec


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step: what it does, the commands, and what comes back."""

    title: str
    words: str
    commands: str
    reply: str = ""


WALK = (
    Step(
        title="Say where, and with which key",
        words="These are of Molensloot, which does not exist: put your own in their place. Whoever "
        "runs the service has the address and makes the key, one for each municipality: `meetpunt "
        "apikeys new`. Keep it out of pages and scripts that others read. The touchpoint is one "
        "that asks the questionnaire `online`, and the site is one that it lists.",
        commands="""\
BASE=https://kto.molensloot.example
KEY=mp_your-own-key
TOUCHPOINT=molensloot/online
SITE=https://www.molensloot.example""",
    ),
    Step(
        title="Ask for a link",
        words="One invitation, for one response. With the same `Idempotency-Key` this call may be "
        "made again after a lost reply: it gives the same link.",
        commands="""\
LINK=$(curl --silent --show-error "$BASE/api/v1/invitations" \\
  --header "Authorization: Bearer $KEY" \\
  --header "Idempotency-Key: message-$(date +%s)" \\
  --json '{"touchpoint": "'$TOUCHPOINT'", "invitations": [{"dimensions": {}}]}' |
  sed -n 's/.*"link":"\\([^"]*\\)".*/\\1/p')
echo "$LINK\"""",
        reply="https://kto.molensloot.example/v/mFzrS1K7dX0bQ2eVtYpAcwAAgAIKgB3yWl6uJ9nHq4Ro",
    ),
    Step(
        title="Send it, and you are done",
        words="Put the link into your own text message or e-mail. It opens a page with the "
        "questions, in the resident's language and the style of the municipality. All that "
        "follows is for programs that ask the questions themselves.",
        commands="""\
curl --silent --show-error --output /dev/null --write-out '%{http_code}\\n' "$LINK\"""",
        reply="200",
    ),
    Step(
        title="See what is asked",
        words="A browser sends `Origin` by itself; here it stands for the municipality's site. "
        "The reply has the items, and the name and version of the questionnaire.",
        commands="""\
curl --silent --show-error "$BASE/api/v1/touchpoints/$TOUCHPOINT?language=nl" \\
  --header "Origin: $SITE\"""",
        reply='{"touchpoint":"molensloot/online","questionnaire":"online","version":2, ...}',
    ),
    Step(
        title="Send a response",
        words="The token of an invitation is what comes after the last slash of its link. The "
        "`responseId` is a random UUID (version 4): choose one for each response, and keep it "
        "for its retries.",
        commands="""\
TOKEN=${LINK##*/}
ID=$(python3 -c 'import uuid; print(uuid.uuid4())')
BODY='{"touchpoint": "'$TOUCHPOINT'", "questionnaire": "online", "version": 2,
       "language": "nl", "responseId": "'$ID'", "token": "'$TOKEN'",
       "answers": {"cijfer": 8, "geholpen": "ja"}}'
curl --silent --show-error --write-out '\\n%{http_code}\\n' \\
  "$BASE/api/v1/responses" --json "$BODY\"""",
        reply='{"responseId":"...","received":true,"complete":true}\n201',
    ),
    Step(
        title="Send it again",
        words="As a program does whose reply was lost: 200 instead of 201, and still one response.",
        commands="""\
curl --silent --show-error --write-out '\\n%{http_code}\\n' \\
  "$BASE/api/v1/responses" --json "$BODY\"""",
        reply='{"responseId":"...","received":true,"complete":true}\n200',
    ),
    Step(
        title="See a refusal",
        words="Another response with the same token: a token buys one. The `type` of a problem "
        "leads to a page that says what to do.",
        commands="""\
curl --silent --show-error --write-out '\\n%{http_code}\\n' \\
  "$BASE/api/v1/responses" \\
  --json "$(echo "$BODY" | sed "s/$ID/00000000-0000-4000-8000-000000000000/")\"""",
        reply='{"type":"/problems/token-spent","status":410, ...}\n410',
    ),
    Step(
        title="Have a message sent",
        words="Where the touchpoint has a sender, as `molensloot/telefonie` has, give whom to send "
        "to and when the contact ended. No link comes back: the rules of the touchpoint decide "
        "whether and when a message with one is sent, and that is not told.",
        commands="""\
curl --silent --show-error --write-out '\\n%{http_code}\\n' "$BASE/api/v1/invitations" \\
  --header "Authorization: Bearer $KEY" \\
  --header "Idempotency-Key: sent-$(date +%s)" \\
  --json '{"touchpoint": "molensloot/telefonie", "invitations": [
    {"recipient": "tel:+31612345678", "endedAt": "'$(date -u +%Y-%m-%dT%H:%M:%SZ)'"}]}'""",
        reply='{"touchpoint":"molensloot/telefonie","invitations":[{"result":"accepted"}]}\n202',
    ),
)
