"""The wording of page furniture: what stands around an article and is not part of it.

Every pattern is anchored at the start of a line and linear; a line is furniture only if it is short or is
matched as a whole, so a sentence that merely mentions advertising or subscriptions stays body text.
"""

import re
from typing import Final

from index.furniture_abroad import abroad_opens, abroad_reason, abroad_sure

_LONGEST = 120
_NETWORKS = (
    r"(?:facebook|twitter|linkedin|whatsapp|reddit|pinterest|telegram|instagram|youtube|tumblr|flipboard"
    r"|messenger)"
)
_PICKED = (
    r"(?:related|recommended|popular|trending|latest|recent|weekly best|must.reads?|editor'?s? picks?"
    r"|most (?:read|popular|viewed|shared))"
)
_STORIES = r"(?:articles?|stor(?:y|ies)|news|posts?|topics?|reads?|videos?|content|links?|coverage|headlines)"

_WHOLE_LINE: Final = {
    "advert": (
        r"(?:\w+\s){0,4}advert(?:isement|ising|s|orial)?s?(?:\s\w+){0,2}",
        r"(?:place )?your ad(?:vertisement)?(?: here)?",
        r"sponsored(?: content| links?| by.*)?",
        r"promoted(?: content)?",
        r"skip ad(?:vertisement)?",
        r"ad",
        r"paid content",
        r"story continues below.*",
        r"article continues below.*",
        r"report (?:this )?ad",
    ),
    "navigation": (
        r"(?:back to )?(?:top|bottom)(?: of (?:the )?page)?",
        r"skip to .{1,40}",
        r"quick access to .{1,90}",
        r"direct access to .{1,60}",
        r"jump to .{1,40}",
        r"main menu",
        r"menu",
        r"home ?page",
        r"home",
        r"site ?map",
        r"search",
        r"sign ?in",
        r"log ?in",
        r"sign ?up",
        r"register",
        r"my account",
        r"next",
        r"previous",
        r"read more",
        r"see more",
        r"show more",
        r"view all",
        r"load more",
        r"more",
        r"close",
        r"search for.{0,40}",
        r"breadcrumbs?",
        r"you are here.{0,60}",
        r"toggle navigation",
        r"view gallery",
        r"view comments",
        r"continue reading.{0,20}",
        r"topics?",
        r"tags?:?.{0,60}",
    ),
    "share": (
        r"share(?: (?:this|it|on|via|with|article|story|page)\b.{0,40})?",
        r"tweet(?: this)?",
        r"pin it",
        r"e-?mail(?: this)?",
        r"print(?: this)?(?: article| page)?",
        r"copy link",
        rf"(?:share on )?{_NETWORKS}",
        r"follow us.{0,60}",
        r"like us.{0,60}",
        r"save",
        r"bookmark",
        r"\d+ shares?",
        r"follow @?\w+",
        r"(?=.*[a-z])(?:share|tweet|save|print|email|facebook|twitter|whatsapp|linkedin|reddit|pinterest|copy|link|via|on|comments?|\W|\d)+",
    ),
    "comments": (
        r"\d*\s*comments?\s*\(?\d*\)?",
        r"(?:leave|post|add|write) (?:a|your) (?:comment|reply).{0,60}",
        r"no comments.{0,20}",
        r"(?:show|view|hide|load)(?: all| more)? comments.{0,20}",
        r"join the (?:conversation|discussion).{0,60}",
        r"repl(?:y|ies)",
        r"reply to .{1,60}",
        r"your email address will not be published.{0,60}",
        r"log in to (?:comment|leave|reply).{0,60}",
        r"be the first to comment.{0,40}",
        r"\d{1,4}",
    ),
    "related": (
        rf"(?:{_PICKED}|top|featured|similar|most recent|best of|more|other)"
        rf"(?: (?:{_STORIES}|now|in|from|on|for you|this week|today)){{0,3}}(?: .{{1,40}})?:?",
        r"you (?:may|might) (?:also )?(?:like|be interested in|have missed).{0,20}",
        r"what to read next",
        r"don'?t miss",
        r"up next",
        r"read next",
        r"(?:see|read|watch|listen|view) (?:also|more|next|now|this)\b.{0,140}",
        r"also read\b.{0,140}",
        r"also on .{1,60}",
        r"(?:popular|trending) now",
        r"in case you missed it.{0,20}",
        r"around the web",
    ),
    "subscription": (
        r"subscribe\b.{0,110}",
        r".{0,40}\bsubscription\b.{0,70}[€$£¥₹]\s?\d.{0,20}",
        r"sign up (?:for|to|now|today)\b.{0,90}",
        r"get (?:the|our) .{0,60}(?:newsletter|inbox|app)\b.{0,40}",
        r".{0,50}\bnewsletters?",
        r"already a (?:subscriber|member).{0,40}",
        r"start your free trial.{0,40}",
        r"support (?:our|independent) journalism.{0,60}",
        r"become a (?:member|subscriber|patron).{0,60}",
        r"the subscription .{1,90}",
        r"this (?:article|content|story) is for subscribers.{0,40}",
    ),
    "footer": (
        r"(?:copyright|©|\(c\)|all rights reserved).{0,110}",
        r".{0,80}all rights reserved\.?",
        r"privacy(?: policy| notice| settings| statement)?",
        r"cookies?(?: policy| settings| notice| preferences)?",
        r"terms(?: (?:of|and|&) .{1,40})?",
        r"contact(?: us)?",
        r"about(?: us)?",
        r"careers",
        r"accessibility(?: .{1,20})?",
        r"advertise(?: with us)?",
        r"do not sell .{0,40}",
        r"imprint",
        r"disclaimer",
        r"help(?: center)?",
        r"faqs?",
        r"(?:we|this (?:web)?site) uses? cookies.{0,110}",
        r"powered by .{1,40}",
        r".{0,10}by (?:using|continuing).{0,40}you (?:agree|accept).{0,60}",
    ),
    "caption": (
        r"(?:(?:file )?photo(?:graph)?|image|picture|pic|credit|source|illustration)s?\s*"
        r"(?:credit|by|courtesy|source|of)?\s*[:/©|].{1,110}",
        r"(?:getty images|ap photo|reuters|afp|shutterstock|istock)(?:[ /,|&-]+\w+){0,6}",
        r".{0,60}/ ?(?:reuters|afp|ap|getty images|bloomberg|shutterstock)",
        r".{0,90}\b(?:photo|image|picture)s?\s?[/:©]\s?[\w /]{2,40}",
    ),
    "loading": (
        r"(?:loading|please wait)\W{0,4}",
        r".{0,12}javascript (?:is )?(?:required|disabled).{0,60}",
        r"(?:play|watch|listen)(?: video| now)?",
        r"video",
        r"now playing.{0,40}",
        r"\d{1,2}:\d\d(?: ?/ ?\d{1,2}:\d\d)?",
    ),
    "byline": (
        r"(?:by|von|written by|posted by|published by|author):? .{1,60}\bviews?\b.{0,10}",
        r".{0,60}\bviews\W{0,4}\d*",
        r"[\w.+-]{1,40}@[\w-]{1,40}\.[\w.]{2,20}",
        r"\d+ min(?:ute)?s? read",
        r"last (?:updated|modified).{0,60}",
        r"updated:? .{1,60}",
        r"published:? .{1,60}",
    ),
}
_PATTERNS = {
    reason: re.compile(rf"\W{{0,6}}(?:{'|'.join(alternatives)})\W{{0,6}}", re.IGNORECASE)
    for reason, alternatives in _WHOLE_LINE.items()
}
# Any length: whatever follows on the line belongs to it.
_OPENING = {
    "related": re.compile(
        r"\W{0,4}(?:read also|also read|see also|read more|recommended for you|related)\s*[:|]", re.IGNORECASE
    ),
    "footer": re.compile(
        r"\W{0,4}(?:this (?:web)?site uses|we use|(?:strictly )?necessary) cookies?\b", re.IGNORECASE
    ),
}
_SECTION = {
    "related": re.compile(
        rf"\W{{0,4}}(?:\[latest\]\W*)?(?:{_PICKED}|you (?:may|might) (?:also )?like|more (?:from|on|in)"
        r"|top stories"
        r"|recent posts|don'?t miss|what to read next|read next)\b.{0,40}",
        re.IGNORECASE,
    ),
    "comments": re.compile(r"\W{0,4}(?:\d+ )?comments?\W{0,3}\d*\W{0,3}", re.IGNORECASE),
    "subscription": re.compile(r"\W{0,4}subscribe\b.{0,110}", re.IGNORECASE),
}


# Wording that no author uses for a line of his own. The rest may be a heading, a figure or a row in a note
# ("Other costs", "Comments", "1987"), and is furniture only in what other lines show to be a page.
_UNMISTAKABLE = re.compile(
    r"\W{0,6}(?:"
    r"advertisements?|skip ad(?:vertisement)?|(?:place )?your ad(?:vertisement)? here|report this ad"
    r"|sponsored (?:content|links?)|promoted content|(?:story|article) continues below.{0,60}"
    r"|tweet(?: this)?|pin it|copy link|\d+ shares"
    rf"|share (?:this|it|article|story|page|via|(?:on|with) {_NETWORKS})\b.{{0,40}}"
    r"|(?:follow|like) us (?:on|at)\b.{0,60}"
    r"|(?:leave|post|add|write) a (?:comment|reply)|(?:show|view|hide|load)(?: all| more)? comments.{0,20}"
    r"|join the (?:conversation|discussion)|your email address will not be published.{0,60}"
    r"|log in to (?:comment|leave|reply).{0,60}|be the first to comment.{0,40}"
    rf"|{_PICKED} {_STORIES}|(?:most read|popular now|trending now|more {_STORIES})"
    r"|you (?:may|might) also (?:like|be interested in)|what to read next|around the web|also read:.{0,140}"
    r"|subscribe(?: (?:now|today|here)| (?:to|for) (?:our|the|continue)\b.{0,90})?"
    r"|sign up (?:for|to) (?:our|the) .{0,90}|already a (?:subscriber|member).{0,40}"
    r"|start your free trial.{0,40}|this (?:article|content|story) is for subscribers.{0,40}"
    r"|(?:file )?(?:photo|image|picture)s?\s?[/:©]\s?(?:reuters|afp|ap|getty images|shutterstock)"
    r"|loading ?(?:…|\.\.\.)|skip to (?:main )?content|.{0,80}all rights reserved|toggle navigation"
    r"|(?:we|this (?:web)?site) uses? cookies.{0,110}"
    r")\W{0,6}",
    re.IGNORECASE,
)


def is_unmistakable(line: str) -> bool:
    """Whether a line is furniture wherever it stands."""
    text = line.strip()
    if any(pattern.match(text) for pattern in _OPENING.values()):
        return True
    return len(text) <= _LONGEST and (bool(_UNMISTAKABLE.fullmatch(text)) or abroad_sure(text))


def furniture_reason(line: str) -> str:
    """Which kind of furniture a line is, by its own wording; "" for none."""
    text = line.strip()
    for reason, pattern in _OPENING.items():
        if pattern.match(text):
            return reason
    if not text or len(text) > _LONGEST:
        return ""
    for reason, pattern in _PATTERNS.items():
        if pattern.fullmatch(text):
            return reason
    return abroad_reason(text)


def opens_section(line: str) -> str:
    """The reason under which the short lines after this one fall; "" if it opens no such section."""
    text = line.strip()
    if not text or len(text) > _LONGEST:
        return ""
    for reason, pattern in _SECTION.items():
        if pattern.fullmatch(text):
            return reason
    return abroad_opens(text)
