"""The parts of the nftables insert script that are the same for every policy."""

from __future__ import annotations

# What stands for the site's FAMILY TABLE in the text, until the script knows them.
TABLE = "@TABLE@"

SETTINGS = """
INTO=${{INTO:-{into}}}
INTO_INPUT=${{INTO_INPUT:-{into_input}}}
REPLIES={replies}
"""

FIND = r"""
# The chain "FAMILY TABLE CHAIN" that $2 names, called $1 -> family, table, chain.
find_chain() {
    plain "$1" "$2"
    set -- "$1" $2
    [ $# = 4 ] || die "$1='$2${3:+ $3}' is not FAMILY TABLE CHAIN, and nothing was done"
    case $2 in
    inet | ip | ip6) ;;
    *) die "$1: family $2 carries no egress rules here, choose inet, ip or ip6; nothing was done" ;;
    esac
    family=$2 table=$3 chain=$4
    nft list chain "$family" "$table" "$chain" >/dev/null 2>&1 ||
        die "there is no chain '$family $table $chain', and nothing was done; find yours: nft list chains"
}
# Lines that take our jumps to $1 out of the chain again: by handle, the only name a rule has.
unhook() {
    nft -a list chain "$family" "$table" "$chain" |
        sed -n "s/^[[:space:]]*jump $1 # handle \([0-9]*\)\$/delete rule $family $table $chain handle \1/p"
}
"""

LOAD = r"""
# Both IP versions where the table knows both.
of_family() { # FUNCTION-FOR-4 FUNCTION-FOR-6
    case $family in
    inet) "$1" && "$2" ;;
    ip) "$1" ;;
    ip6) "$2" ;;
    esac
}
# Our chain $1 with the rules that the other words print, and one jump to it at the head of the site's chain.
hook() {
    ours=$1
    shift
    printf '%s\n' "add chain $family $table $ours" "flush chain $family $table $ours"
    "$@" | sed "s/@TABLE@/$family $table/"
    unhook "$ours"
    echo "insert rule $family $table $chain jump $ours"
}
# One transaction; all of it is made before nft sees any of it, so that a refusal on the way changes nothing.
transaction() {
    find_chain INTO "$INTO"
    of_family sets4 sets6 | sed "s/@TABLE@/$family $table/"
    hook nimnetcheck_egress of_family rules4 rules6
    if [ "$REPLIES" = yes ]; then
        find_chain INTO_INPUT "$INTO_INPUT"
        hook nimnetcheck_ingress replies
    fi
}
load() {
    need nft
    text=$(transaction)
    printf '%s\n' "$text" | nft -f -
}
check() {
    need nft
    text=$(transaction)
    printf '%s\n' "$text" | nft -c -f -
    say "accepted by nft for the ruleset in force"
}
"""

REMOVE = r"""
remove() {
    need nft
    text=$(withdrawal)
    [ -z "$text" ] || printf '%s\n' "$text" | nft -f -
}
withdrawal() {
    if (find_chain INTO "$INTO") 2>/dev/null; then
        find_chain INTO "$INTO"
        withdrawn nimnetcheck_egress
        nft list table "$family" "$table" |
            sed -n "s/^[[:space:]]*set \(nimnetcheck_[a-z0-9_]*\) {\$/delete set $family $table \1/p"
    fi
    if (find_chain INTO_INPUT "$INTO_INPUT") 2>/dev/null; then
        find_chain INTO_INPUT "$INTO_INPUT"
        withdrawn nimnetcheck_ingress
    fi
}
withdrawn() {
    if nft list chain "$family" "$table" "$1" >/dev/null 2>&1; then
        unhook "$1"
        printf '%s\n' "flush chain $family $table $1" "delete chain $family $table $1"
    fi
}
"""
