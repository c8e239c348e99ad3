"""Ukrainian sentences, endings and calls written apart from the lexicon's own examples, labelled by hand."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from speechqa.rubric.load import load_lexicon
from tests.speechqa.rubric.foreign import Call, check_call, ending_labels, wording_of
from tests.speechqa.rubric.said_ukrainian import SAID

UKRAINIAN = load_lexicon("uk")
ENDINGS = (
    (
        "Отже, майстер приїде в четвер з другої до четвертої. Чи є ще якісь питання? Чудово. Дякую, що обрали нас, бережіть себе.",
        "111111",
    ),
    (
        "Підсумую: гроші повернуться протягом п'яти робочих днів, а підтвердження я надішлю сьогодні. Гарного вам дня!",
        "110111",
    ),
    ("Ну це все, що я можу. Чекайте. До побачення.", "000011"),
    ("Як я вам уже казала, треба було читати умови. Ще раз перепрошуємо за незручності. До побачення.", "000000"),
    (
        "Я сама вам зателефоную в середу вранці, щоб переконатися, що все працює. Чим ще можу допомогти? Будь ласка, завжди рада, гарного вечора.",
        "111111",
    ),
    ("Хтось із вами зв'яжеться, мабуть, наступного тижня. Ще раз вибачте за все.", "000001"),
    ("Постараємося якось вирішити. Добре. Бувайте.", "000011"),
    (
        "Вашу картку відправимо сьогодні, вона прийде в суботу. Можу ще чимось допомогти? Дякую за терпіння, приємних вихідних.",
        "111111",
    ),
    ("Якби ви послухали одразу, цього б не сталося. Більше мені нічого сказати.", "000010"),
    ("Заявку закрито. Щось іще? Гаразд. До побачення.", "001011"),
    ("Ми повідомимо. Усього найкращого.", "000111"),
    ("Мені справді дуже шкода, дуже. До побачення.", "000001"),
)
CALLS: tuple[Call, ...] = (
    Call(
        "Рахунок із зайвою послугою, зразкова розмова",
        (
            ("agent", "Добрий день, компанія Світлонет, мене звати Оксана, чим можу допомогти?"),
            ("customer", "Добрий день, мене звати Андрій Коваль. У мене в рахунку якась послуга, якої я не замовляв."),
            ("agent", "Пане Андрію, розумію, як це неприємно. Назвіть, будь ласка, номер договору."),
            ("customer", "Сорок один, двадцять два, сім."),
            ("agent", "Дякую. Зараз перевірю, одну хвилинку."),
            (
                "agent",
                "Я бачу цю послугу, це помилка з нашого боку. Можу повернути гроші на картку або зарахувати на наступний місяць, як вам зручніше?",
            ),
            ("customer", "Краще на картку."),
            ("agent", "Добре, гроші повернуться протягом трьох робочих днів. Чи можу ще чимось допомогти?"),
            ("customer", "Ні, дякую, це все."),
            ("agent", "Дякую за дзвінок, гарного вам дня!"),
            ("customer", "І вам, до побачення."),
        ),
        avoid=(),
        credit=("acknowledgement", "uses_name", "offers_choice", "dated_next_step", "offers_solution"),
        ending="111111",
    ),
    Call(
        "Футболіст",
        (
            ("agent", "Слухаю."),
            ("customer", "Добрий день, я вже третій раз дзвоню, у мене не працює інтернет."),
            ("agent", "А я тут до чого? Це не до мене, це інший відділ."),
            ("customer", "Мені у вас сказали, що ви допоможете, а вам байдуже."),
            ("agent", "Треба було одразу дзвонити в техпідтримку. Я нічого не можу зробити."),
            ("customer", "Це просто жах. Я буду скаржитися."),
            ("agent", "Можете скаржитися. До побачення."),
        ),
        avoid=("not_my_problem", "reproach", "flat_no"),
        credit=(),
        ending="000010",
    ),
    Call(
        "Медсестра, без розділових знаків",
        (
            ("agent", "доброго дня служба підтримки ірина слухаю вас"),
            ("customer", "у мене списали гроші двічі поверніть мої гроші"),
            ("agent", "ой мені так соромно вибачте нас будь ласка"),
            ("customer", "коли повернете"),
            ("agent", "я не знаю це не моє рішення так вирішило керівництво"),
            ("customer", "і що мені робити"),
            ("agent", "від мене нічого не залежить ще раз вибачте за це"),
        ),
        avoid=("dont_know", "blame_management", "gushing_apology"),
        credit=(),
        ending="000001",
    ),
    Call(
        "Сторони названо навпаки",
        (
            ("customer", "Вітаю, ви зателефонували до клініки Добробут, мене звати Олена, чим можу допомогти?"),
            ("agent", "Добрий день, я хотіла б перенести запис до лікаря."),
            ("customer", "Підкажіть, будь ласка, ваше прізвище."),
            ("agent", "Шевченко. Моя дитина захворіла."),
            ("customer", "Записала вас на п'ятницю о дев'ятій. Можу ще чимось допомогти?"),
            ("agent", "Ні, дякую, це все."),
            ("customer", "Дякуємо за дзвінок, одужуйте, гарного дня."),
        ),
        avoid=(),
        credit=(),
        ending="000011",
        swapped=True,
    ),
)


@pytest.mark.parametrize(("rule", "text"), SAID)
def test_what_was_said(rule: str, text: str) -> None:
    found = wording_of(text, UKRAINIAN)
    assert rule in found.all if rule else not found.avoid


@pytest.mark.parametrize(("text", "labels"), ENDINGS)
def test_an_ending_meets_what_its_label_says(text: str, labels: str) -> None:
    assert ending_labels(text, "Котел зламався, дуже холодно.", UKRAINIAN) == labels


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_whole_calls(call: Call) -> None:
    check_call(call, UKRAINIAN)


@pytest.mark.parametrize("word", ["п'ять", "п’ять", "пʼять", "п`ять", "пять", "П'ЯТЬ", "п'я\u0301ть"])
def test_apostrophes_and_stress_marks_make_no_difference(word: str) -> None:
    assert UKRAINIAN.tokens(word) == ("пять",)


@pytest.mark.parametrize(
    "text",
    [
        "Мені байдуже.",
        "мени байдуже",
        "Це не моя проблема",
        "вибачте за незручности ще раз",
        "зв’яжуся з вами завтра о десятій",
    ],
)
def test_i_and_y_may_be_mixed_up(text: str) -> None:
    mixed = text.replace("і", "и").replace("ї", "и")
    assert wording_of(text, UKRAINIAN) == wording_of(mixed, UKRAINIAN)
