package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Failure.Kind;
import io.foregate.proxy.observe.AccessRecord.Phase;
import org.jspecify.annotations.Nullable;

/** Whose fault it is when a phase takes too long. Stateless. */
final class Stall {
    private Stall() {}

    /** The failure of an exchange whose client is slower than it has to be: sending its request, or taking the answer. */
    static Failure client(boolean sending) {
        return sending
                ? Failure.client(Kind.REQUEST_BODY_TIMEOUT, "the client sent its body slower than the minimum rate")
                : Failure.client(Kind.CLIENT_SLOW, "the client read slower than the minimum rate");
    }

    /**
     * The failure of an exchange whose phase has run out of time, or null where another timer watches the phase.
     *
     * @param clientStalled whether the client takes nothing of what waits for it
     * @param originStalled whether the origin takes nothing of what waits for it
     */
    static @Nullable Failure in(Phase phase, boolean clientStalled, boolean originStalled) {
        return switch (phase) {
            case QUEUE -> Failure.proxy(Kind.QUEUE_TIMEOUT, "no connection became free in time");
            case FILTER -> Failure.proxy(Kind.FILTER_FAILED, "a filter paused and did not resume in time");
            case SEND ->
                originStalled
                        ? Failure.origin(
                                Kind.IDLE_TIMEOUT, "the origin took nothing of the request within the idle timeout")
                        : Failure.client(Kind.REQUEST_BODY_TIMEOUT, "the client sent nothing within the idle timeout");
            case FIRST_BYTE -> Failure.origin(Kind.FIRST_BYTE_TIMEOUT, "no answer within the first-byte timeout");
            case TRANSFER ->
                clientStalled
                        ? Failure.client(Kind.CLIENT_SLOW, "the client read nothing within the idle timeout")
                        : Failure.origin(Kind.IDLE_TIMEOUT, "the origin sent nothing within the idle timeout");
            case TUNNEL -> Failure.proxy(Kind.IDLE_TIMEOUT, "the tunnel was silent for its idle timeout");
            case READ_HEAD, ROUTE, CONNECT, DONE -> null;
        };
    }
}
