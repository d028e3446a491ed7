"""Words that exclude each other in one place: "north" and "south", "first" and "second"."""

from functools import cache

from index.words import terms

PAIRS = """
first|last second|third first|second largest|smallest biggest|smallest highest|lowest longest|shortest
oldest|youngest best|worst most|least more|fewer more|less before|after above|below increase|decrease
increased|decreased increases|decreases northern|southern north|south eastern|western east|west early|late
earlier|later largest|poorest major|minor public|private male|female men|women won|lost winner|loser
began|ended start|end started|stopped accept|reject accepted|rejected support|oppose supported|opposed
strong|weak high|low old|new internal|external positive|negative common|rare always|never with|without
inside|outside allowed|forbidden legal|illegal possible|impossible rich|poor wealthy|poor
left|right up|down long|short large|small fast|slow rise|fall rising|falling maximum|minimum upper|lower
bought|sold joined|left
""".split()
_MORE = """
majority|minority behind|front inner|outer hot|cold warm|cold hotter|colder warmer|colder warmer|cooler
heavy|light heavier|lighter wide|narrow deep|shallow thick|thin wet|dry full|empty open|closed
summer|winter spring|autumn day|night morning|evening weekday|weekend monthly|yearly weekly|daily
annual|monthly full-time|part-time adult|child indoor|outdoor domestic|foreign local|global gross|net
income|expense credit|debit buy|sell import|export arrival|departure arrive|depart incoming|outgoing
input|output upload|download read|write enable|disable enabled|disabled install|uninstall push|pull
accepts|rejects approve|reject approved|rejected include|exclude included|excluded optional|mandatory
optional|required voluntary|compulsory temporary|permanent former|current current|previous next|previous
ancient|modern simple|complex single|double single|multiple single|married partial|total
strengthen|weaken strongest|weakest easy|difficult easier|harder safe|dangerous true|false
success|failure succeed|fail advantage|disadvantage benefit|harm victory|defeat attack|defend
help|harm gain|lose gained|lost profit|loss create|destroy appointed|dismissed hire|fire
faster|slower larger|smaller higher|lower older|younger longer|shorter greater|smaller few|many
""".split()


def _table(pairs: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in pairs:
        one, other = pair.split("|")
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def opposites() -> dict[str, frozenset[str]]:
    """The opposites of each word, both as index terms; a word of several terms is left out."""
    pairs = []
    for pair in PAIRS + _MORE:
        one, other = (terms(word) for word in pair.split("|"))
        if len(one) == len(other) == 1 and one != other:
            pairs.append(f"{one[0]}|{other[0]}")
    return _table(pairs)
