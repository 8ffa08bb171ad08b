"""Answers of every kind of question, along a path that the service accepts."""

import random

from ingest.demo.feelings import Feelings
from ingest.files.resources import questionnaires_directory
from ingest.questionnaires.questionnaire import load_questionnaires
from ingest.responses.answers import check_answers
from tests.surveys import EVERY_KIND


def test_every_questionnaire_takes_what_is_answered() -> None:
    shared = load_questionnaires(questionnaires_directory()).values()
    for questionnaire in (*shared, EVERY_KIND):
        feelings = Feelings(random.Random(1), questionnaire.code)
        for _ in range(200):
            check_answers(questionnaire, feelings.answers(questionnaire, 0.5), complete=False)


def test_whoever_gives_a_low_mark_is_not_content() -> None:
    questionnaire = load_questionnaires(questionnaires_directory())["balie", 2]
    feelings = Feelings(random.Random(2), "balie")
    for _ in range(300):
        mark = feelings.answers(questionnaire, 0)["cijfer"]
        assert isinstance(mark, int)
        assert feelings.content == (mark >= 6)
