#!/bin/sh
# nimnetcheck 0.1.0: egress rules for iptables and ip6tables, mode lockdown
# Made: finished file, nimnetcheck 0.1.0
# For: all
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
#   usage: product.connect.nginx.com (3.135.72.139/32, 3.133.232.50/32, 52.14.85.249/32,
#   2600:1f16:19c8:d400::/62), port 443/tcp
#     Usage reports (batch) and licence renewal. NIM 2.22 and later, NGINX Plus R33 and later. From: nim,
#     nginx-plus, upload-host.
#     https://docs.nginx.com/solutions/about-subscription-licenses/getting-started/
#
# Not resolved: product.apis.f5.com, product-s.apis.f5.com: no addresses are published; these sets are empty
#   until you fill them. Add an address: ipset add nimnetcheck_host4_443 ADDRESS; a reload keeps it. Or make
#   this file anew with --pin NAME=ADDRESS or --resolve live.
#
# When this helps: where this host has no egress policy yet and should have this one: loopback, replies, ICMPv6
#   neighbour discovery, DNS, NTP and the endpoints leave, nothing else (a DHCP renewal neither). Our chain
#   stands first in OUTPUT and ends in DROP. What drops elsewhere still does.
#
# Replies: this file touches no input chain; where yours drops by default, make it with --direction both.
#
# Load:    sh FILE load     (again changes nothing; IPTABLES=iptables-legacy or iptables-nft for that variant)
# Check:   sh FILE check    (loads it in a throw-away network namespace)
# Remove:  sh FILE remove

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
IPTABLES=${IPTABLES:-iptables}
case $IPTABLES in
iptables | iptables-nft | iptables-legacy) IP6TABLES=ip6${IPTABLES#ip} ;;
*) die "IPTABLES=$IPTABLES: choose iptables, iptables-nft or iptables-legacy; nothing was done" ;;
esac

INTO=OUTPUT
INTO_INPUT=INPUT
sets4() {
    cat <<'END'
create nimnetcheck_net4_443 hash:net family inet
create nimnetcheck_new4_443 hash:net family inet
flush nimnetcheck_new4_443
add nimnetcheck_new4_443 3.133.232.50/32
add nimnetcheck_new4_443 3.135.72.139/32
add nimnetcheck_new4_443 52.14.85.249/32
add nimnetcheck_new4_443 159.60.126.0/25
swap nimnetcheck_new4_443 nimnetcheck_net4_443
destroy nimnetcheck_new4_443
create nimnetcheck_host4_443 hash:ip family inet timeout 0
END
}
rules4() {
    cat <<'END'
*filter
:NIMNETCHECK - [0:0]
-A NIMNETCHECK -o lo -j ACCEPT
-A NIMNETCHECK -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A NIMNETCHECK -p udp -m udp --dport 53 -j ACCEPT
-A NIMNETCHECK -p tcp -m tcp --dport 53 -j ACCEPT
-A NIMNETCHECK -p udp -m udp --dport 123 -j ACCEPT
-A NIMNETCHECK -p tcp -m tcp --dport 443 -m set --match-set nimnetcheck_net4_443 dst -j ACCEPT
-A NIMNETCHECK -p tcp -m tcp --dport 443 -m set --match-set nimnetcheck_host4_443 dst -j ACCEPT
-A NIMNETCHECK -j DROP
END
}
sets6() {
    cat <<'END'
create nimnetcheck_net6_443 hash:net family inet6
create nimnetcheck_new6_443 hash:net family inet6
flush nimnetcheck_new6_443
add nimnetcheck_new6_443 2600:1f16:19c8:d400::/62
swap nimnetcheck_new6_443 nimnetcheck_net6_443
destroy nimnetcheck_new6_443
create nimnetcheck_host6_443 hash:ip family inet6 timeout 0
END
}
rules6() {
    cat <<'END'
*filter
:NIMNETCHECK - [0:0]
-A NIMNETCHECK -o lo -j ACCEPT
-A NIMNETCHECK -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A NIMNETCHECK -p ipv6-icmp -m icmp6 --icmpv6-type 133 -j ACCEPT
-A NIMNETCHECK -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j ACCEPT
-A NIMNETCHECK -p ipv6-icmp -m icmp6 --icmpv6-type 136 -j ACCEPT
-A NIMNETCHECK -p udp -m udp --dport 53 -j ACCEPT
-A NIMNETCHECK -p tcp -m tcp --dport 53 -j ACCEPT
-A NIMNETCHECK -p udp -m udp --dport 123 -j ACCEPT
-A NIMNETCHECK -p tcp -m tcp --dport 443 -m set --match-set nimnetcheck_net6_443 dst -j ACCEPT
-A NIMNETCHECK -p tcp -m tcp --dport 443 -m set --match-set nimnetcheck_host6_443 dst -j ACCEPT
-A NIMNETCHECK -j DROP
END
}
jumps() { printf '%s\n' "-I $1 1 -j NIMNETCHECK"; }
# $1 lists its filter table: lines that take our jumps out of it again.
unhook() {
    printf '%s\n' "$listed" | sed -n 's/^-A \([^ ]* -j NIMNETCHECK\(_IN\)\{0,1\}\)$/-D \1/p'
}
# One transaction for each IP version: our chains anew, our jumps out and in again, exactly once.
# The table is listed first: iptables-restore holds the lock from its first line on.
commit() { # IPTABLES RULES OUTPUT-CHAIN INPUT-CHAIN
    listed=$("$1" -w -S)
    { "$2" && unhook && jumps "$3" "$4" && echo COMMIT; } | "$1-restore" -w --noflush
}
present() { "$1" -w -S NIMNETCHECK >/dev/null 2>&1 || "$1" -w -S NIMNETCHECK_IN >/dev/null 2>&1; }
usable() { # IPTABLES OUTPUT-CHAIN INPUT-CHAIN
    need "$1" "$1-restore"
    why=$("$1" -w -S "$2" 2>&1 >/dev/null && "$1" -w -S "$3" 2>&1 >/dev/null) || die "$1 cannot use $2 or $3: $why"
}
ipv6() {
    [ -e /proc/net/if_inet6 ]
}
load() {
    need ipset
    usable "$IPTABLES" "${INTO%% *}" "${INTO_INPUT%% *}"
    if ipv6; then
        usable "$IP6TABLES" "${INTO##* }" "${INTO_INPUT##* }"
    else
        say "IPv6 is off in this kernel: the IPv4 rules are all there is to load"
    fi
    others
    fresh=yes
    if present "$IPTABLES"; then fresh=no; fi
    trap undo EXIT
    sets4 | ipset restore -exist
    commit "$IPTABLES" rules4 "${INTO%% *}" "${INTO_INPUT%% *}"
    if ipv6; then
        sets6 | ipset restore -exist
        commit "$IP6TABLES" rules6 "${INTO##* }" "${INTO_INPUT##* }"
    fi
    trap - EXIT
}
# Nothing half: what a first load left behind when it failed goes again.
undo() {
    trap - EXIT
    set +e
    if [ "$fresh" = yes ]; then
        (remove)
        die "not loaded; what had been made was removed"
    fi
    die "not loaded whole; the rules from before may be in part replaced: load again, or remove"
}
# A packet must pass both variants: say so when the other one holds rules too.
others() {
    case $("$IPTABLES" --version) in
    *nf_tables*)
        other=legacy
        # To ask legacy for a table makes it, so ask the kernel first.
        grep -qsx filter /proc/net/ip_tables_names /proc/net/ip6_tables_names || return 0
        ;;
    *) other=nft ;;
    esac
    for save in "iptables-$other-save" "ip6tables-$other-save"; do
        held=$("$save" -t filter 2>/dev/null | grep -e '^-A ' -e '^:[A-Z]* DROP') || continue
        if [ -n "$held" ]; then
            say "warning: ${save%-save} holds rules too, and a packet must pass both; see: $save"
        fi
    done
}
check() {
    need unshare
    [ "$(id -u)" = 0 ] || export XTABLES_LOCKFILE=/dev/null
    if [ "$(id -u)" = 0 ]; then apart=-n; else apart=-Urn; fi
    export INTO INTO_INPUT IPTABLES IP6TABLES
    # The chains it goes into are the site's: stand-ins for them are made there.
    unshare "$apart" -- sh -c '
        for chain in $INTO $INTO_INPUT; do
            "$IPTABLES" -w -N "$chain" 2>/dev/null
            "$IP6TABLES" -w -N "$chain" 2>/dev/null
        done
        exec sh "$0" load' "$0" || die "refused"
    say "accepted by ipset and $IPTABLES in a throw-away network namespace"
}
remove() {
    need ipset "$IPTABLES" "$IPTABLES-restore"
    withdraw "$IPTABLES"
    if ipv6; then
        need "$IP6TABLES" "$IP6TABLES-restore"
        withdraw "$IP6TABLES"
    fi
    for set in $(ipset list -n | grep -E '^nimnetcheck_(net|host|new)[46]_[0-9]+$'); do
        ipset destroy "$set" 2>/dev/null || say "$set is still used by other rules (the other variant?) and was kept"
    done
}
withdraw() {
    if ! present "$1"; then return 0; fi
    listed=$("$1" -w -S)
    {
        echo '*filter'
        unhook
        printf '%s\n' "$listed" | sed -n 's/^-N \(NIMNETCHECK\(_IN\)\{0,1\}\)$/-F \1\n-X \1/p'
        echo COMMIT
    } | "$1-restore" -w --noflush
}
case ${1:-load} in
load | check | remove) "${1:-load}" ;;
*) die "usage: sh $0 [load|check|remove]" ;;
esac
