"""`manage read_act`: only JSON on standard output, exit 2 on bad input."""

import json

import pytest
from django.core.management import call_command

from tests.legal_text import acts


def test_read_act_prints_the_agreed_keys_in_the_agreed_order(capsys):
    call_command("read_act", str(acts.ACTS / acts.KY_AMENDING_LAW))

    printed = capsys.readouterr().out
    answer = json.loads(printed)
    assert "өзгөртүүлөрдү" in printed
    assert list(answer) == ["kind", "title", "language", "amending", "doubts", "provisions"]
    assert list(answer["provisions"][0]) == ["eid", "kind", "number", "label", "heading", "text", "parent"]
    assert answer["provisions"][0]["label"] is None


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"%PDF-1.7", "damaged"), (None, "no_file")])
def test_read_act_ends_with_2_and_says_why(tmp_path, capsys, content, code):
    path = tmp_path / "act.docx"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SystemExit) as ended:
        call_command("read_act", str(path))

    answer = json.loads(capsys.readouterr().out)
    assert ended.value.code == 2
    assert (answer["error"], sorted(answer)) == (code, ["error", "message"])
