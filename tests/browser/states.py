"""Every page that a resident can come to, in every state it can be in."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from ingest.municipalities.municipality import Touchpoint
from ingest.municipalities.touchpoints import CallingBack
from ingest.pages.callback_pages import CallbackPages, CallbackState
from ingest.pages.opt_out_pages import OptOutPages, OptOutState
from ingest.pages.pages import FormState
from ingest.questionnaires.sampling import path_of
from ingest.responses.answers import AnswersRejected, answers_from_form, check_answers
from ingest.texts.page_texts import page_texts
from ingest.tokens.response_tokens import OPEN_CHARACTERS
from tests.example import example_catalogue
from tests.surveys import Example, few_answer, rejected

LANGUAGES = ("nl", "ar")
"""Those in which every state is looked at: one of each direction."""

_WHOLE_PATH = {"geholpen": ["deels"], "oorzaak": ["terug"]}


def answer_of(example: Example, language: str) -> Callable[[Mapping[str, Sequence[str]]], bytes]:
    """What comes back for a form: itself in another language, with its errors, or the thanks."""

    def answer(fields: Mapping[str, Sequence[str]]) -> bytes:
        if "_to" in fields:
            return example.pages.survey_again(
                *(example.touchpoint, example.questionnaire, fields["_to"][0]),
                FormState(values=fields),
            )
        try:
            check_answers(example.questionnaire, answers_from_form(example.questionnaire, fields))
        except AnswersRejected as refused:
            state = FormState(values=fields, reasons=refused.reasons)
            return example.pages.survey_again(
                example.touchpoint, example.questionnaire, language, state
            )
        return example.pages.message("thanks", municipality=example.municipality, language=language)

    return answer


def every_language(example: Example) -> Iterator[tuple[str, bytes]]:
    """`open-de` and so on: the questions that come with Meetpunt, as molensloot asks them."""
    catalogue = example_catalogue()
    touchpoint = catalogue.touchpoint(example.municipality.slug, "balie-hal")
    questionnaire = path_of(catalogue.questionnaire(touchpoint), sampled=False)
    for language in page_texts():
        # By the example's pages: the stylesheet that they name is the one that is served.
        page = example.pages.survey(touchpoint, questionnaire, language)
        yield f"open-{language}", page.identity


def every_way_out(example: Example) -> Iterator[tuple[str, bytes]]:
    """`opt-out-typed-de` and so on: the pages where one asks for no more messages."""
    pages, municipality = OptOutPages(example.pages), example.municipality
    wrong = OptOutState(values={"tel": "020 1234567", "email": "jan@"}, wrong=("tel", "email"))
    for language in page_texts():
        yield f"opt-out-typed-{language}", pages.form(municipality, language, "typed").identity
        yield f"opt-out-linked-{language}", pages.form(municipality, language, "linked").identity
        yield (
            f"opt-out-wrong-{language}",
            pages.form_again(municipality, language, "typed", wrong),
        )
        yield f"opted-out-{language}", pages.done(municipality, language)


def calling(example: Example) -> Touchpoint:
    """Its touchpoint, where who is thanked may ask to be called."""
    return replace(example.touchpoint, callback=CallingBack(working_days=2))


def every_way_to_be_called(example: Example) -> Iterator[tuple[str, bytes]]:
    """`call-de` and so on: the page where one asks to be called, and what is said of it."""
    pages = CallbackPages(example.pages, OPEN_CHARACTERS)
    at, token = (example.municipality, calling(example)), "t" * OPEN_CHARACTERS
    wrong = CallbackState(
        values={"tel": "0900 1234", "wanneer": "vannacht"},
        wrong={"tel": "costs-more", "wanneer": "unknown"},
    )
    for language in page_texts():
        yield f"call-{language}", pages.form(*at, language).identity(token.encode())
        yield f"call-wrong-{language}", pages.form_again(*at, language, token, wrong)
        yield f"called-{language}", pages.done(*at, language)
        yield f"called-before-{language}", pages.again(*at, language)


def every_state(example: Example) -> Iterator[tuple[str, bytes]]:
    """A name for each state, such as `survey-error-nl`, and its page."""
    yield from every_language(example)
    yield from every_way_out(example)
    for name, page in every_way_to_be_called(example):
        if name.endswith(LANGUAGES):
            yield name, page
    questions = tuple(item.code for item in example.questionnaire.items)
    states = {
        "first": FormState(),
        "chosen": FormState(values={"cijfer": ["8"]}),
        "whole-path": FormState(values=_WHOLE_PATH),
        "error": FormState(
            values={**_WHOLE_PATH, "toelichting": ["Ik moest lang wachten."]},
            reasons=rejected("required", *questions) + rejected("unknown-item", "verzonnen"),
        ),
        "notice": FormState(
            values={"cijfer": ["8"], "toelichting": ["Ik moest lang wachten."]},
            notice="unavailable",
        ),
        "report": FormState(asks_report=True),
        "report-error": FormState(
            values={"cijfer": ["8"], "_words": ["Het regent er nog steeds in."]},
            reasons=rejected("required", "_solved", "_contact") + rejected("too-long", "_words"),
            asks_report=True,
        ),
    }
    for language in LANGUAGES:
        for name, state in states.items():
            yield (
                f"survey-{name}-{language}",
                example.pages.survey_again(
                    example.touchpoint, example.questionnaire, language, state
                ),
            )
        yield (
            f"survey-small-group-{language}",
            example.pages.survey_again(
                few_answer(example), example.questionnaire, language, FormState()
            ),
        )
        yield (
            f"thanks-and-call-{language}",
            example.pages.message(
                "thanks",
                municipality=example.municipality,
                language=language,
                touchpoint=calling(example),
            ),
        )
        for name in page_texts()[language].messages:
            yield (
                f"{name}-{language}",
                example.pages.message(
                    name,
                    municipality=example.municipality,
                    language=language,
                    touchpoint=example.touchpoint,
                ),
            )
