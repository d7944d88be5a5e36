"""Invented acts of every shape, for properties: lines as drafters write them, in either language."""

from hypothesis import strategies as st

WORDS = st.sampled_from(
    ["Органы решают вопросы", "Порядок определяется", "Айыл өкмөтү жооп берет", "Налог уплачивается"]
)
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@st.composite
def numbers(draw, most):
    """1, 2, 2-1, 2-2, 3 … printed with a hyphen or raised."""
    found = []
    for n in range(1, draw(st.integers(0, most)) + 1):
        found.append(str(n))
        for step in range(1, draw(st.sampled_from([0, 0, 0, 1, 2])) + 1):
            raised = draw(st.booleans())
            found.append(f"{n}{str(step).translate(RAISED)}" if raised else f"{n}-{step}")
    return found


@st.composite
def lists(draw):
    """Points with sub-points and further paragraphs; empty, or with an introduction before."""
    lines = []
    for number in draw(numbers(3)):
        lines.append(f"{number}) {draw(WORDS).lower()};")
        lines += [f"{letter}) {draw(WORDS).lower()};" for letter in "абв"[: draw(st.integers(0, 3))]]
        lines += [f"- {draw(WORDS).lower()};"] * draw(st.integers(0, 1))
    return lines


@st.composite
def articles(draw, quoted=False):
    lines = []
    ky = draw(st.booleans())
    for number in draw(numbers(3)):
        label = f"{number}-берене." if ky else f"Статья {number}."
        title = draw(WORDS)
        shape = draw(st.sampled_from(["title", "below", "none", "repealed"]))
        if shape == "repealed":
            lines.append(f"{label} (Утратила силу)")
            continue
        lines += [f"{label} {title}"] if shape == "title" else [label, title] if shape == "below" else [label]
        if draw(st.booleans()):
            for part in draw(numbers(3)):
                lines.append(f"{part}. {draw(WORDS)}:")
                lines += draw(lists())
        else:
            lines.append(f"{draw(WORDS)}:")
            lines += draw(lists())
        if not quoted and draw(st.booleans()):
            lines.append(
                draw(st.sampled_from(["Примечание. Слово.", "(В редакции Закона КР от 1 мая 2020 года № 1)"]))
            )
    return lines


@st.composite
def instructions(draw):
    """An article that amends, with wording quoted in it."""
    lines = ["Статья 1.", "Внести в Закон следующие изменения:"]
    for n in range(1, draw(st.integers(1, 3)) + 1):
        shape = draw(st.sampled_from(["words", "quoted", "nested"]))
        if shape == "words":
            lines.append(f'{n}) в статье {n} слова "А" заменить словами "Б";')
        elif shape == "quoted":
            inner = draw(articles(quoted=True)) or ["Новые слова."]
            inner[0] = f'"{inner[0]}'
            inner[-1] = f'{inner[-1]}";'
            lines += [f"{n}) изложить в следующей редакции:", *inner]
        else:
            lines += [
                f"{n}) в статье {n}:",
                "а) часть 1 исключить;",
                "б) дополнить пунктом 5:",
                '"5) новый пункт;";',
            ]
    return lines


@st.composite
def drafts(draw):
    """The lines of a whole act."""
    lines = ["ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О примере", "Настоящий Закон регулирует отношения."]
    if draw(st.booleans()):
        lines += ["РАЗДЕЛ I", "ОБЩИЕ ПОЛОЖЕНИЯ", "Глава 1. Общее"]
    lines += draw(articles())
    if draw(st.booleans()):
        lines += ["Глава 2. Изменения", *draw(instructions())]
    if draw(st.booleans()):
        lines += ["Президент Кыргызской Республики С. Иванов"]
    for n in range(1, draw(st.integers(0, 2)) + 1):
        lines += ["", f"Приложение {n}", "к Закону", "ПОЛОЖЕНИЕ", "1. Первый пункт.", *draw(lists())]
    return lines
