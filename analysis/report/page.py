"""The frame of the report: one HTML page without any outside part."""

from html import escape

DISCLAIMER = "A model world; no evidence about any real account, campaign or vote."
STYLE = """
:root{--ink:#1d2430;--soft:#5b6676;--line:#d9dee5;--paper:#fff;--wash:#f4f6f9;--mark:#b3470b}
*{box-sizing:border-box}
body{margin:0;background:var(--wash);color:var(--ink);font:17px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:910px;margin:0 auto;padding:28px 20px 60px;background:var(--paper)}
h1{font-size:1.05rem;font-weight:600;color:var(--soft);margin:0 0 14px}
h2{font-size:1.25rem;margin:44px 0 8px;line-height:1.25}h3{font-size:1.02rem;margin:28px 0 4px}
.finding{font-size:1.45rem;line-height:1.35;font-weight:600;margin:0 0 12px}
.luck,.assumed{display:block;font-size:1.12rem;margin-top:6px}.luck{color:#00588a}.assumed{color:#b3470b}
.note,figcaption,.small{color:var(--soft);font-size:.92rem}
p,ul,figure{max-width:780px}
figure{margin:16px 0}figure svg{width:100%;height:auto;display:block}figure.small svg{max-width:660px;margin:0 auto}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.93rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}td:first-child{min-width:9.5rem}
.below{display:block;color:var(--soft);font-size:.78rem;font-weight:400}
.timeline{columns:2;column-gap:28px;padding-left:26px;margin:4px 0;max-width:780px}.timeline li{break-inside:avoid;margin-bottom:2px}
.far{color:var(--mark);font-weight:600}
code,pre{font:0.88rem/1.5 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere;white-space:pre-wrap}
summary{cursor:pointer;font-weight:600;margin:10px 0}
.limits{border-left:4px solid var(--mark);padding:2px 0 2px 14px;margin:18px 0}
th.n{white-space:normal;vertical-align:bottom}
@media (max-width:640px){body{font-size:16px}main{padding:20px 14px 40px}.finding{font-size:1.22rem}
tr.head{display:none}table,tbody,tr,td{display:block}tr{padding:8px 0;border-bottom:1px solid var(--line)}
td,td.n{display:flex;justify-content:space-between;gap:14px;border:0;
padding:2px 0;text-align:right;white-space:normal;overflow-wrap:anywhere}
td::before{content:attr(data-label);color:var(--soft);text-align:left;flex:none;max-width:52%}
td:first-child{font-weight:600;min-width:0}.below{display:inline;margin-left:.4em}.timeline{columns:1}}
@media print{body{background:#fff}details{display:block}}
"""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><style>{style}</style></head><body><main>
{body}
</main></body></html>
"""


def page(title: str, body: str) -> str:
    """A whole page; both arguments are already escaped."""
    return PAGE.format(title=title, style=STYLE, body=body)


def section(heading: str, *parts: str) -> str:
    """A heading and what stands below it."""
    return f"<section><h2>{heading}</h2>\n" + "\n".join(part for part in parts if part) + "</section>"


def figure(svg: str, caption: str, kind: str = "") -> str:
    """A figure with its caption; one of the kind `small` is drawn with large print, so that a phone shows it."""
    return f"<figure class='{kind}'>{svg}<figcaption>{caption}</figcaption></figure>"


def two_lines(above: str, below: str) -> str:
    """A cell with a small text below what it says, if there is any. above: already escaped; below: plain text, escaped here."""
    return f"<span>{above}<span class='below'>{escape(below)}</span></span>" if below else above


def table(head: list[str], rows: list[list[str]], numbers_from: int = 1) -> str:
    """A table; columns from `numbers_from` on are set to the right. On a narrow screen each row becomes a list."""
    kinds = ["" if number < numbers_from else ' class="n"' for number in range(len(head))]
    top = "".join(f"<th{kind}>{cell}</th>" for kind, cell in zip(kinds, head, strict=True))
    lines = [
        "<tr>"
        + "".join(f'<td{k} data-label="{h}">{cell}</td>' for k, h, cell in zip(kinds, head, row, strict=True))
        + "</tr>"
        for row in rows
    ]
    return f'<div class="scroll"><table><tr class="head">{top}</tr>{"".join(lines)}</table></div>'
