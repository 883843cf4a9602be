package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where requests go besides one pool, and what is done to some of them on purpose. */
@Form("Where requests go besides one pool, and what is done to some of them on purpose.")
public record Traffic(
        @Key("Sends shares of the requests to several pools.") @Nullable
        Split split,

        @Key("Sends copies of requests to another pool, whose answers are dropped.") @Nullable
        Mirror mirror,

        @Key("Has some requests meet a fault, to test those who send them.") @Nullable
        Fault fault) {
    /** Nothing of all this. */
    public static final Traffic NONE = new Traffic(null, null, null);

    @Form(
            value =
                    "Sends shares of the requests to several pools. They add up to 100 %; a pool with `0%` gets requests that"
                            + " name it in `override` only.",
            grows = "pools")
    public record Split(
            @Key(value = "The pools, each with its share.", keys = "pools")
            Map<Name, Percent> pools,

            @Key(
                    "By what requests stay with a pool: a key of theirs. The same key goes to the same pool until shares change,"
                            + " and then only as many move as must. Left out, it is the client's address.")
            SplitBy by,

            @Key("Lets a request name the pool that it wants; only the pools of this split can be named.") @Nullable
            Choice override) {
        /** The share of a pool. */
        public Percent share(Name pool) {
            return pools.getOrDefault(pool, new Percent(0));
        }
    }

    @Form(value = "By what requests stay with a pool: one of these.", grows = "basis")
    public record SplitBy(
            @Key(
                    value = "`client`: the client's address, of IPv6 the first 64 bits. `own-cookie`: a cookie named"
                            + " `foregate-split` that clients get with their first answer and keep for the session. `request`: nothing,"
                            + " pools take turns.",
                    otherwise = "client")
            Basis basis,

            @Key("The value of this header field; without it, the client's address.") @Nullable
            FieldName header,

            @Key("The value of this cookie, which the application sets; without it, the client's address.") @Nullable
            CookieName cookie,

            @Key("The value of this parameter of the query; without it, the client's address.") @Nullable
            String query) {
        @Override
        public String toString() {
            if (header != null) {
                return "header " + header;
            }
            if (cookie != null) {
                return "cookie " + cookie;
            }
            return query != null
                    ? "query " + query
                    : switch (basis) {
                        case CLIENT -> "client";
                        case OWN_COOKIE -> "own-cookie";
                        case REQUEST -> "request";
                    };
        }
    }

    /** By what requests stay with a pool, where they have no key of their own. */
    public enum Basis {
        CLIENT,
        OWN_COOKIE,
        REQUEST
    }

    @Form(value = "Where a request may name the pool that it wants.", grows = "header")
    public record Choice(
            @Key("In this header field.") @Nullable FieldName header,

            @Key("In this cookie, if the header field names none.") @Nullable
            CookieName cookie,

            @Key("Only requests of clients in these blocks may; without it, all.")
            List<Cidr> from) {
        @Override
        public String toString() {
            String where = header != null && cookie != null
                    ? "header " + header + ", cookie " + cookie
                    : header != null ? "header " + header : "cookie " + cookie;
            return from.isEmpty() ? where : where + ", from " + from;
        }
    }

    @Form(
            value =
                    "Sends copies of requests to another pool, whose answers are dropped. The original never waits for a copy,"
                            + " and never fails on its account. Copies carry `X-Foregate-Mirror: 1`; upgrades aren't copied.",
            grows = "to")
    public record Mirror(
            @Key(value = "The pool that gets them.", names = "pools")
            Name to,

            @Key(value = "How many of the requests are copied.", otherwise = "100%")
            Percent share,

            @Key(value = "How long a copy may take, from its beginning to the end of its answer.", otherwise = "30s")
            Timeout timeout,

            @Key(
                    value =
                            "How much of a body is held for a mirror that takes it more slowly than the original; a copy that is"
                                    + " further behind is cut off.",
                    otherwise = "256KiB")
            Size buffer,

            @Key(value = "The most copies under way; beyond it none are made.", otherwise = "100")
            Count concurrent) {
        @Override
        public String toString() {
            return share + " to pool " + to + ", timeout " + timeout + ", buffer " + buffer + ", concurrent "
                    + concurrent;
        }
    }

    @Form("Has some requests meet a fault, to test those who send them. The logs say which did.")
    public record Fault(
            @Key("Some requests wait before they go on.") @Nullable
            Delay delay,

            @Key("Some requests end with an error; those that waited may, too.") @Nullable
            Abort abort,

            @Key("Only requests that have this header field meet the fault; without it, all may.") @Nullable
            FieldName header) {
        @Override
        public String toString() {
            String both =
                    delay == null ? String.valueOf(abort) : abort == null ? delay.toString() : delay + ", " + abort;
            return header == null ? both : both + ", only with " + header;
        }
    }

    @Form(value = "Some requests wait before they go on.", grows = "time")
    public record Delay(
            @Key("For how long.") Timeout time,

            @Key(value = "How many of them.", otherwise = "100%")
            Percent share) {
        @Override
        public String toString() {
            return "delay " + time + " for " + share;
        }
    }

    @Form(
            value =
                    "Some requests end with an error: an answer with a status, or a reset of the connection (of the stream with"
                            + " HTTP/2). Nothing reaches the origin.",
            grows = "status")
    public record Abort(
            @Key(value = "The status of the answer; 503 if nothing is said.", min = 400, max = 599) @Nullable
            Integer status,

            @Key(
                    value = "The status with which calls of gRPC end; without it, the one that goes with `status`.",
                    min = 1,
                    max = 16)
            @Nullable
            Integer grpcStatus,

            @Key(value = "Whether there is no answer, but a reset.", otherwise = "false")
            boolean reset,

            @Key(value = "How many of them.", otherwise = "100%")
            Percent share) {
        /** The status of the answer, where there is one. */
        public int answer() {
            return status == null ? 503 : status;
        }

        @Override
        public String toString() {
            String how = reset
                    ? "reset"
                    : "abort with " + answer() + (grpcStatus == null ? "" : " (gRPC " + grpcStatus + ")");
            return how + " for " + share;
        }
    }
}
