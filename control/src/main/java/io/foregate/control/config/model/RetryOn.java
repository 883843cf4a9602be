package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import io.foregate.control.config.bind.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How an attempt ends that is followed by another: a word, or the status of an answer. */
@Scalar(
        value = "an end of an attempt",
        pattern = "^(connect|reset-before-response|timeout|5xx|[45][0-9][0-9]|grpc-[a-z-]+)$",
        examples = {"connect", "503", "grpc-unavailable"},
        doc =
                "`connect`: no server has seen the request, because none could be connected to or it says that it hasn't processed it."
                        + " `reset-before-response`: the connection was lost before an answer began. `timeout`: there was no answer within"
                        + " `try-timeout`. A status from 400 to 599, or `5xx`: the answer had it. `grpc-` and a status, such as"
                        + " `grpc-unavailable`: a call was answered with nothing but it.")
public record RetryOn(String text) {
    public static final RetryOn CONNECT = new RetryOn("connect");
    public static final RetryOn RESET = new RetryOn("reset-before-response");
    public static final RetryOn TIMEOUT = new RetryOn("timeout");

    private static final String FIVES = "5xx";
    private static final List<String> WORDS = List.of(CONNECT.text, RESET.text, TIMEOUT.text, FIVES);
    private static final String GRPC = "grpc-";
    private static final List<String> GRPC_STATUSES = List.of(
            "ok",
            "cancelled",
            "unknown",
            "invalid-argument",
            "deadline-exceeded",
            "not-found",
            "already-exists",
            "permission-denied",
            "resource-exhausted",
            "failed-precondition",
            "aborted",
            "out-of-range",
            "unimplemented",
            "internal",
            "unavailable",
            "data-loss",
            "unauthenticated");

    public static RetryOn parse(String text) throws BadValue {
        String word = text.toLowerCase(Locale.ROOT).replace('_', '-');
        if (WORDS.contains(word)) {
            return new RetryOn(word);
        }
        if (word.startsWith(GRPC)) {
            String status = word.substring(GRPC.length());
            if (GRPC_STATUSES.indexOf(status) < 1) {
                throw new BadValue(
                        Nodes.quote(text) + " is no error of gRPC",
                        Suggestion.among(status, GRPC_STATUSES.subList(1, GRPC_STATUSES.size()), "errors of gRPC are"));
            }
            return new RetryOn(word);
        }
        if (word.matches("[45][0-9][0-9]")) {
            return new RetryOn(word);
        }
        if (word.matches("[0-9]{3}")) {
            throw new BadValue(text + " is no error", "write a status from 400 to 599");
        }
        throw new BadValue(
                Nodes.quote(text) + " is no end of an attempt",
                Suggestion.among(word, WORDS, "write a status, such as 503, or one of"));
    }

    /** The statuses that it stands for. */
    public IntStream statuses() {
        if (text.equals(FIVES)) {
            return IntStream.range(500, 600);
        }
        return Character.isDigit(text.charAt(0)) ? IntStream.of(Integer.parseInt(text)) : IntStream.empty();
    }

    /** The status of gRPC that it stands for, or -1. */
    public int grpcStatus() {
        return text.startsWith(GRPC) ? GRPC_STATUSES.indexOf(text.substring(GRPC.length())) : -1;
    }

    @Override
    public String toString() {
        return text;
    }
}
