# Sourced by ./foregate, ./check and bench/run: finds a JDK that is new enough and the Maven to build with.
# Only shell builtins on the usual path, because the launcher's start-up time includes this. Works with bash 3.2.

FOREGATE_JAVA_MIN=25

# Sets java_feature to the feature version that a Java home's release file states, or to 0.
java_feature_of() {
    local line version
    java_feature=0
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
    while IFS= read -r line; do
        case $line in
            JAVA_VERSION=*)
                version=${line#JAVA_VERSION=}
                version=${version#\"}
                version=${version%%[!0-9]*}
                java_feature=${version:-0}
                return 0
                ;;
        esac
    done <"$1/release"
}

# Sets JAVA_HOME to a JDK >= FOREGATE_JAVA_MIN: JAVA_HOME, then java on the PATH, then the usual folders. A runtime
# without javac passes only when the argument is "run". Returns 1 when there is none, with what was seen in java_seen.
find_jdk() {
    local purpose=${1:-build} home on_path
    java_seen=
    if [ -n "${JAVA_HOME:-}" ] && java_fits "$JAVA_HOME" "$purpose"; then
        export JAVA_HOME
        return 0
    fi
    if on_path=$(command -v java 2>/dev/null); then
        on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
        home=${on_path%/bin/java}
        # A shim of a version manager has no release file beside it, so ask it.
        if [ ! -r "$home/release" ]; then
            home=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
        fi
        if [ -n "$home" ] && java_fits "$home" "$purpose"; then
            export JAVA_HOME=$home
            return 0
        fi
    fi
    for home in /usr/lib/jvm/* /usr/java/* /usr/local/openjdk-* /opt/java/* /opt/*jdk* "${HOME-}"/.sdkman/candidates/java/* \
        "${HOME-}"/.jdks/* "${HOME-}"/.local/share/mise/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -d "$home" ] && java_fits "$home" "$purpose"; then
            export JAVA_HOME=$home
            return 0
        fi
    done
    return 1
}

java_fits() {
    java_feature_of "$1"
    case $java_feature,$java_seen in
        0,* | *" in $1
"*) ;;
        *)
            java_seen="${java_seen}  Java $java_feature in $1
"
            ;;
    esac
    [ "$java_feature" -ge "$FOREGATE_JAVA_MIN" ] && { [ "$2" = run ] || [ -x "$1/bin/javac" ]; }
}

explain_missing_jdk() {
    echo "foregate: needs a JDK, version $FOREGATE_JAVA_MIN or newer, and found none."
    if [ -n "$java_seen" ]; then
        echo "Seen, but too old or without a compiler:"
        printf '%s' "$java_seen"
    fi
    echo "Install one and try again:"
    echo "  Debian, Ubuntu   apt install openjdk-$FOREGATE_JAVA_MIN-jdk-headless   (where the release has it)"
    echo "  any Linux        Eclipse Temurin $FOREGATE_JAVA_MIN, https://adoptium.net, unpacked below /usr/lib/jvm"
    echo "  elsewhere        unpack it anywhere and set JAVA_HOME to that folder"
}

# Sets MAVEN to the command that builds. Returns 1 when there is none.
find_maven() {
    MAVEN=$(command -v mvn 2>/dev/null)
}
