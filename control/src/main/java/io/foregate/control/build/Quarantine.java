package io.foregate.control.build;

import java.time.Instant;

/**
 * A part of the configuration that can't be used as it is, while all the rest is in force. A value.
 *
 * @param what {@code pool}, {@code site} or {@code certificate}
 * @param name of the part; of a certificate its site
 * @param reason why, with the place in the file
 * @param kept whether it goes on as it was before; else requests for it are answered 503, and handshakes for a site without a
 *     certificate fail
 * @param since when it became so
 */
public record Quarantine(String what, String name, String reason, boolean kept, Instant since) {
    Quarantine since(Instant earlier) {
        return new Quarantine(what, name, reason, kept, earlier);
    }

    boolean sameAs(Quarantine other) {
        return what.equals(other.what) && name.equals(other.name) && reason.equals(other.reason) && kept == other.kept;
    }

    @Override
    public String toString() {
        String goesOn = kept ? "it goes on as it was before" : "there is nothing to go on with";
        return what + " " + name + " is quarantined: " + reason + "; " + goesOn;
    }
}
