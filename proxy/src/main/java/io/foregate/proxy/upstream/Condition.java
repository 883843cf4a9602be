package io.foregate.proxy.upstream;

/**
 * All that is known of an endpoint's health at one time. Immutable: a change replaces it as a whole.
 *
 * @param verdict of the checks
 * @param rest after connections that failed
 * @param ejection after requests that failed
 * @param known whether a connection to it or a check of it has ever come to a result
 */
record Condition(Verdict verdict, Absence rest, Absence ejection, boolean known, EndpointStatus status) {
    /** What checks say. */
    enum Check {
        /** Nobody checks it. */
        NONE,
        /** It is to be checked, and gets requests until then. */
        DUE,
        /** It is to be checked, and gets no requests until then. */
        AWAITED,
        PASSED,
        FAILED
    }

    /** What checks say, and why. */
    record Verdict(Check check, String reason) {
        static final Verdict NONE = new Verdict(Check.NONE, "");
    }

    static Condition begin(long nowNanos) {
        EndpointStatus unknown =
                new EndpointStatus(EndpointState.UNKNOWN, "nothing has been asked of it yet", nowNanos);
        return new Condition(Verdict.NONE, Absence.NONE, Absence.NONE, false, unknown);
    }

    /** Whether requests may be sent, no questions asked. */
    boolean open() {
        return verdict.check != Check.FAILED
                && verdict.check != Check.AWAITED
                && !rest.present()
                && !ejection.present();
    }

    /** Whether a request may find out how things are. Where there are checks, that is theirs. */
    boolean mayTry(long nowNanos) {
        return verdict.check == Check.NONE && rest.over(nowNanos) && ejection.over(nowNanos);
    }

    boolean checked() {
        return verdict.check != Check.NONE;
    }

    Condition with(Verdict next, long nowNanos) {
        boolean result = next.check == Check.PASSED || next.check == Check.FAILED;
        return of(next, rest, ejection, known || result, nowNanos);
    }

    Condition with(Absence nextRest, Absence nextEjection, long nowNanos) {
        return of(verdict, nextRest, nextEjection, true, nowNanos);
    }

    private Condition of(Verdict next, Absence nextRest, Absence nextEjection, boolean nowKnown, long nowNanos) {
        EndpointState state;
        String reason;
        if (next.check == Check.FAILED) {
            state = EndpointState.DOWN;
            reason = next.reason;
        } else if (nextRest.present() || nextEjection.present()) {
            Absence telling = nextRest.present() ? nextRest : nextEjection;
            boolean lapsed = (!nextRest.present() || nextRest.lapsed())
                    && (!nextEjection.present() || nextEjection.lapsed())
                    && next.check == Check.NONE;
            state = lapsed ? EndpointState.UNKNOWN : EndpointState.DOWN;
            reason = telling.reason() + (lapsed ? "; the next request finds out whether it is back" : "");
        } else if (next.check == Check.DUE || next.check == Check.AWAITED) {
            state = EndpointState.UNKNOWN;
            reason = "not checked yet";
        } else {
            state = nowKnown ? EndpointState.UP : EndpointState.UNKNOWN;
            reason = nowKnown ? next.reason : status.reason();
        }
        long since = state == status.state() ? status.sinceNanos() : nowNanos;
        EndpointStatus said = state == status.state() && reason.equals(status.reason())
                ? status
                : new EndpointStatus(state, reason, since);
        return new Condition(next, nextRest, nextEjection, nowKnown, said);
    }
}
