#!/bin/sh
# nimnetcheck 0.1.0: egress rules for firewalld, mode allow
# Made: finished file, nimnetcheck 0.1.0
# For: nginx-plus
#
# Opens, outbound:
#   usage: product.connect.nginx.com (3.135.72.139/32, 3.133.232.50/32, 52.14.85.249/32,
#   2600:1f16:19c8:d400::/62), port 443/tcp
#     Usage reports (batch) and licence renewal. NIM 2.22 and later, NGINX Plus R33 and later. From: nim,
#     nginx-plus, upload-host.
#     https://docs.nginx.com/solutions/about-subscription-licenses/getting-started/
#
# When this helps: where nothing drops, which is firewalld's own state: it restricts output only where a policy
#   HOST to ANY says so. This one has priority 100; a policy before it that drops wins. It is harmless.
#
# Replies: firewalld lets established and related packets in by itself; no listening port is opened.
#
# Load:    sh FILE load     (again changes nothing; reloads firewalld, so runtime-only changes are lost)
# Check:   sh FILE check    (firewalld's own loader reads it beside your configuration)
# Remove:  sh FILE remove
# Where:   /etc/firewalld; with FIREWALLD_DIR=DIR the files are written there and no daemon is told

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
DIR=${FIREWALLD_DIR:-/etc/firewalld}
# Sets whose whole content is known, and those that keep what was added to them.
REPLACED='nimnetcheck_net4_443 nimnetcheck_net6_443'
KEPT=''
LOCKDOWN=no
xml_nimnetcheck_net4_443() {
    cat <<'END'
<?xml version="1.0" encoding="utf-8"?>
<ipset type="hash:net">
  <option name="family" value="inet"/>
  <entry>3.133.232.50/32</entry>
  <entry>3.135.72.139/32</entry>
  <entry>52.14.85.249/32</entry>
</ipset>
END
}
xml_nimnetcheck_net6_443() {
    cat <<'END'
<?xml version="1.0" encoding="utf-8"?>
<ipset type="hash:net">
  <option name="family" value="inet6"/>
  <entry>2600:1f16:19c8:d400::/62</entry>
</ipset>
END
}
xml_policy() {
    cat <<'END'
<?xml version="1.0" encoding="utf-8"?>
<policy target="CONTINUE" priority="100">
  <ingress-zone name="HOST"/>
  <egress-zone name="ANY"/>
  <rule family="ipv4"><destination ipset="nimnetcheck_net4_443"/><port port="443" protocol="tcp"/><accept/></rule>
  <rule family="ipv6"><destination ipset="nimnetcheck_net6_443"/><port port="443" protocol="tcp"/><accept/></rule>
</policy>
END
}
xml_drop() { :; }
# $1 is a configuration directory: put our files into it, each whole or not at all.
write() {
    changed=no
    mkdir -p "$1/ipsets" "$1/policies"
    for set in $REPLACED; do
        "xml_$set" >"$1/ipsets/$set.xml.new"
        settle "$1/ipsets/$set.xml"
    done
    for set in $KEPT; do
        merged "xml_$set" "$1/ipsets/$set.xml" >"$1/ipsets/$set.xml.new"
        settle "$1/ipsets/$set.xml"
    done
    xml_policy >"$1/policies/nimnetcheck.xml.new"
    if [ "$LOCKDOWN" = yes ]; then
        xml_drop >"$1/policies/nimnetcheck_drop.xml.new"
        settle "$1/policies/nimnetcheck.xml"
        settle "$1/policies/nimnetcheck_drop.xml"
        return 0
    fi
    settle "$1/policies/nimnetcheck.xml"
    if [ -e "$1/policies/nimnetcheck_drop.xml" ]; then
        rm -f "$1/policies/nimnetcheck_drop.xml"
        changed=yes
    fi
}
settle() {
    if cmp -s "$1.new" "$1"; then
        rm -f "$1.new"
        return 0
    fi
    chmod 644 "$1.new"
    mv "$1.new" "$1"
    changed=yes
}
# The set that $1 prints, with the entries that file $2 holds already.
merged() {
    "$1" | sed '/<entry>/d; /<\/ipset>/d'
    { "$1" && if [ -e "$2" ]; then cat "$2"; fi; } |
        sed -n 's/.*\(<entry>[0-9A-Fa-f.:\/]*<\/entry>\).*/  \1/p' | sort -u
    echo '</ipset>'
}
# firewalld's loader reads a copy of the directory without and with our files. Its exit code says little: an unknown
# ipset or a bad address is but a warning, and the rule is dropped. So any line that is new refuses the load.
rehearse() {
    need firewall-offline-cmd mktemp cmp
    [ "$(id -u)" = 0 ] || die "firewall-offline-cmd must be root (to check only: unshare -Ur sh $0 check)"
    [ -d "$DIR" ] || die "there is no directory $DIR, and nothing was done: is firewalld installed?"
    stage=$(mktemp -d)
    trap 'rm -rf "$stage"' EXIT
    cp -R "$DIR/." "$stage"
    before=$(complaints)
    case $before in
    *'ERROR: exit code'*) die "firewalld refuses what is in $DIR already, and nothing was done: $before" ;;
    esac
    write "$stage"
    after=$(complaints | grep -vxF "$before" || :)
    [ -z "$after" ] || die "firewalld refuses these files, and nothing was done: $after"
}
complaints() {
    { firewall-offline-cmd --system-config "$stage" --check-config 2>&1 || echo "ERROR: exit code $?"; } |
        grep -iE 'warning|error' || :
}
# Tell the daemon, where the files are its own and it runs.
tell() {
    if [ "$DIR" != /etc/firewalld ]; then return 0; fi
    if ! firewall-cmd --state >/dev/null 2>&1; then
        say "firewalld does not run: the files are in $DIR and take effect when it starts"
        return 0
    fi
    firewall-cmd --check-config >/dev/null || die "firewalld refuses the files in $DIR: undo with sh $0 remove"
    firewall-cmd --reload >/dev/null || die "firewalld could not reload: undo with sh $0 remove"
}
load() {
    rehearse
    write "$DIR"
    if [ "$changed" = yes ] || ! firewall-cmd --get-policies 2>/dev/null | grep -qw nimnetcheck; then
        tell
    fi
}
check() {
    rehearse
    say "accepted by firewalld's loader beside what is in $DIR"
}
remove() {
    changed=no
    set +f
    # The policies first: they name the sets. firewalld keeps the last version of a file it edits as .old.
    for file in "$DIR"/policies/nimnetcheck.xml "$DIR"/policies/nimnetcheck_drop.xml \
        "$DIR"/ipsets/nimnetcheck_net[46]_*.xml "$DIR"/ipsets/nimnetcheck_host[46]_*.xml; do
        for mine in "$file" "$file.old" "$file.new"; do
            if [ -f "$mine" ]; then
                rm -f "$mine"
                changed=yes
            fi
        done
    done
    set -f
    if [ "$changed" = yes ]; then tell; fi
}
case ${1:-load} in
load | check | remove) "${1:-load}" ;;
*) die "usage: sh $0 [load|check|remove]" ;;
esac
