#!/bin/sh
# nimnetcheck 0.1.0: egress rules for nftables, mode insert
# Made: finished file, nimnetcheck 0.1.0
# For: nim-2.21
#
# Opens, outbound:
#   telemetry-range: 159.60.126.0/25, port 443/tcp
#     Product telemetry: the data points. NIM 2.11 and later. From: nim.
#     https://docs.nginx.com/nginx-instance-manager/system-configuration/configure-telemetry/
#   teem: product.apis.f5.com (no address known yet), port 443/tcp
#     JWT licence registration and usage reports, the bulk upload of a disconnected site included. NIM 2.12 to
#     2.21. From: nim, upload-host.
#     https://docs.nginx.com/nginx-instance-manager/system-configuration/configure-telemetry/
#   teem-entitlements: product-s.apis.f5.com (no address known yet), port 443/tcp
#     JWT licence entitlement. NIM 2.12 to 2.21. From: nim.
#     https://docs.nginx.com/nginx-instance-manager/system-configuration/configure-telemetry/
#
# Not resolved: product.apis.f5.com, product-s.apis.f5.com: no addresses are published; these sets are empty
#   until you fill them. Add an address: nft add element inet filter nimnetcheck_host4_443 '{ ADDRESS }'; a
#   reload keeps it. Or make this file anew with --pin NAME=ADDRESS or --resolve live.
#
# When this helps: where an nftables chain of the site's drops: our rules are hooked at the head of that very
#   chain, named by INTO. One that drops in another table, in iptables-legacy or in firewalld still does.
#   Whatever writes that table anew (a reload of nftables.service) takes our rules with it: load this again
#   after it.
#
# Replies: admitted as your input chain does it; where that drops everything, make this file with --direction
#   both.
#
# Load:    INTO='inet filter output' sh FILE load     (again changes nothing; all of it or none of it)
# Where:   INTO and INTO_INPUT are FAMILY TABLE CHAIN; see them all: nft list chains
# Check:   sh FILE check
# Remove:  sh FILE remove    (with the same INTO)

set -euf
PATH=$PATH:/usr/sbin:/sbin
say() { printf 'nimnetcheck: %s\n' "$*" >&2; }
die() {
    say "$*"
    exit 1
}
need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null 2>&1 || die "$tool is not installed, and nothing was done"
    done
}
# Words go into rules: letters, digits, '_', '.' and '-' only.
plain() {
    case $2 in
    '' | -* | *' -'* | *[!A-Za-z0-9_.\ -]*) die "$1='$2' is not a name, and nothing was done" ;;
    esac
}
INTO=${INTO:-'inet filter output'}
INTO_INPUT=${INTO_INPUT:-'inet filter input'}
REPLIES=no
sets4() {
    cat <<'END'
add set @TABLE@ nimnetcheck_net4_443 { type ipv4_addr; flags interval; }
flush set @TABLE@ nimnetcheck_net4_443
add element @TABLE@ nimnetcheck_net4_443 { 159.60.126.0/25 }
add set @TABLE@ nimnetcheck_host4_443 { type ipv4_addr; flags timeout; }
END
}
rules4() {
    cat <<'END'
add rule @TABLE@ nimnetcheck_egress ip daddr @nimnetcheck_net4_443 tcp dport 443 counter accept
add rule @TABLE@ nimnetcheck_egress ip daddr @nimnetcheck_host4_443 tcp dport 443 counter accept
END
}
sets6() {
    cat <<'END'
add set @TABLE@ nimnetcheck_host6_443 { type ipv6_addr; flags timeout; }
END
}
rules6() {
    cat <<'END'
add rule @TABLE@ nimnetcheck_egress ip6 daddr @nimnetcheck_host6_443 tcp dport 443 counter accept
END
}
replies() {
    cat <<'END'
add rule @TABLE@ nimnetcheck_ingress ct state established,related counter accept
END
}
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
case ${1:-load} in
load | check | remove) "${1:-load}" ;;
*) die "usage: sh $0 [load|check|remove]" ;;
esac
