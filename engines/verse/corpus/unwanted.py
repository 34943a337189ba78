"""Words that never appear: not in what is learnt from, and not in what is written.

Slurs and what was said of peoples, coarse words, and cruelty that nobody wants on a stage; an
entry stands for every word that begins with it, where it ends in a star.
"""

from __future__ import annotations

import re

LISTED = """
nigg* negro* darky darkies darkey* coon coons pickaninn* mulatto* octoroon* sambo* squaw* redskin*
injun* savage savages heathen* infidel* paynim* jew jews jewish jewess* hebrew* turk turks turkish
saracen* gypsy gypsies gipsy gipsies chinaman chinamen coolie* kaffir* hottentot* blackamoor*
papist* popish pagan* dago* cripple* idiot* lunatic* imbecile* leper* dwarf* hunchback* harlot*
strumpet* whore* wench* slut* bawd* bastard* rape raped rapes rapine ravish* lustful lust lusts
lechero* lecher* concubine* incest* adulter* fornicat* virgin's maidenhead* prostitut* pimp pimps
bitch* damn* goddam* cursed curst arse* ass asses piss* shit* fart farts turd* dung cock cocks tit
tits teat teats pap paps nipple* fuck* cunt* bugger* sodom* faggot* queer queers pussy puss
gallows gibbet* hang'd hanged hanging lynch* noose* suicid* slaughter* butcher* massacre* murder*
behead* disembowel* entrails carrion mangled maim* flog* scourg* slave slaves slavery enslav*
bondwoman bondmaid* harem* eunuch* venere* loins breasts bosoms paramour* deflower* nazi*
swastika*
"""
_WORDS = frozenset(entry for entry in LISTED.split() if not entry.endswith("*"))
_BEGINNINGS = re.compile(
    "|".join(re.escape(entry[:-1]) for entry in LISTED.split() if entry.endswith("*"))
)


def is_unwanted(word: str) -> bool:
    """Whether a word (any case) is one of these."""
    small = word.lower()
    return small in _WORDS or _BEGINNINGS.match(small) is not None
