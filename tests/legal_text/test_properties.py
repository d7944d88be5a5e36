"""Whatever the text: nothing is lost, nothing fails, every eid is one of a kind."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.legal_text import normalize, provisions, reader, structure
from apps.legal_text.errors import UnreadableText
from tests.legal_text import acts

FRAGMENTS = st.sampled_from(
    [
        "ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О внесении изменений в Закон", "Проект", "ТОКТОМ КЫЛАТ:", "постановляет:",
        "РАЗДЕЛ I. ОБЩИЕ ПОЛОЖЕНИЯ", "РАЗДЕЛ I", "I БӨЛҮМ.", "Глава 1. Общая", "1-глава.", "Глава 1", "ОБЩАЯ ЧАСТЬ",
        "Статья 1. Название", "Статья 1", "Статья 11. Ещё", "Статья 2. Текст:", "5-берене. Аталышы", "5-берене",
        "1. Часть", "1.", "1¹. Вставка", "2. Часть:", "1.1. Пункт", "1) пункт;", "2) пункт.", "31) пункт.", "а) буква;",
        "б)", "- черта;", "Простой абзац.", "без точки", "(В редакции Закона КР от 1 мая 2020 года № 1)",
        "(В редакции Закона", "(Утратила силу)", "Внимание!", "Примечание. Текст", "Эскертүү", "Приложение",
        "1-тиркеме", "тиркеме", "Утверждено", "Президент Кыргызской Республики С. Иванов", "Төрагасы", "№ 21",
        "Внести в Закон следующие изменения:", "изложить в следующей редакции:", '"Статья 7. Новая', '1. Часть".',
        '"новый текст"', '«Цитата»;', '"', "«", "", " ", "\t", "I. Глава", "Ңөү ҮӨҢ",
    ]
)  # fmt: skip
LINES = st.lists(
    st.one_of(FRAGMENTS, st.text(st.characters(blacklist_categories=["C"]), max_size=12)), max_size=45
)


@settings(max_examples=400, deadline=None)
@given(LINES)
def test_no_word_is_lost_and_every_eid_is_unique(lines):
    text = "\n".join(lines)

    act = structure.parse(text)

    assert normalize.normalize(acts.joined(act)) == normalize.normalize(acts.squeezed(text))
    eids = [provision.eid for provision in act.provisions]
    assert len(set(eids)) == len(eids)
    for at, provision in enumerate(act.provisions):
        assert provision.kind in provisions.PROVISION_KINDS
        assert provision.parent is None or provision.parent in eids[:at]
    assert provisions.from_dict(provisions.as_dict(act)) == act


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_by_name(data):
    act = refusal = None
    try:
        act = reader.read(data)
    except UnreadableText as error:
        refusal = error

    assert act.provisions if act else refusal.message
