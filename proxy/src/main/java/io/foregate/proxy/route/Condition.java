package io.foregate.proxy.route;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * What a route asks of a request beyond host and path. Immutable, shared by all loops; tested on the head's bytes without
 * garbage, but for regular expressions.
 *
 * <p>Where a field, parameter or cookie occurs more than once, the first one counts. That makes two routes that ask for
 * different values of one name disjoint, so that neither has to be ranked before the other.
 */
public sealed interface Condition {
    /** Whether the request meets the condition. */
    boolean test(RequestHead head, ClientAddress client);

    /** Whether it is certain that no request meets both conditions. */
    boolean excludes(Condition other);

    /** Whether it is certain that each request that meets this meets {@code other}. */
    default boolean implies(Condition other) {
        return equals(other)
                || switch (this) {
                    case MethodIn(List<Literal> names) ->
                        other instanceof MethodIn that && that.names.containsAll(names);
                    case Header(HeaderName name, ValueTest test) ->
                        other instanceof Header that && name.equals(that.name) && test.implies(that.test);
                    case QueryParameter(Literal name, ValueTest test) ->
                        other instanceof QueryParameter that && name.equals(that.name) && test.implies(that.test);
                    case Cookie(Literal name, ValueTest test) ->
                        other instanceof Cookie that && name.equals(that.name) && test.implies(that.test);
                    case ClientIn _ -> false;
                };
    }

    /**
     * The method is one of those.
     *
     * @param names method tokens; they are case-sensitive (RFC 9110 §9.1)
     */
    record MethodIn(List<Literal> names) implements Condition {
        @Override
        public boolean test(RequestHead head, ClientAddress client) {
            byte[] block = head.headers().array();
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).matches(block, head.methodStart(), head.methodLength())) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean excludes(Condition other) {
            return other instanceof MethodIn that && Collections.disjoint(names, that.names);
        }

        @Override
        public String toString() {
            return names.size() == 1 ? "method = " + names.getFirst() : "method in " + names;
        }
    }

    /** The first field of that name passes the test. */
    record Header(HeaderName name, ValueTest test) implements Condition {
        @Override
        public boolean test(RequestHead head, ClientAddress client) {
            Headers headers = head.headers();
            int at = headers.find(name);
            if (at < 0) {
                return test instanceof ValueTest.Absent;
            }
            byte[] block = headers.array();
            return switch (test) {
                case ValueTest.Is is -> is.value().matches(block, headers.valueStart(at), headers.valueLength(at));
                case ValueTest.Present _ -> true;
                case ValueTest.Absent _ -> false;
                case ValueTest.Matches matches ->
                    matches.regex().find(block, headers.valueStart(at), headers.valueLength(at));
            };
        }

        @Override
        public boolean excludes(Condition other) {
            return other instanceof Header that && name.equals(that.name) && test.excludes(that.test);
        }

        @Override
        public String toString() {
            return "header " + name + " " + test;
        }
    }

    /** The first query parameter of that name passes the test; names and values are compared decoded. */
    record QueryParameter(Literal name, ValueTest test) implements Condition {
        @Override
        public boolean test(RequestHead head, ClientAddress client) {
            long found = Query.find(head, name);
            if (found == Query.ABSENT) {
                return test instanceof ValueTest.Absent;
            }
            byte[] block = head.headers().array();
            int start = (int) (found >>> 32);
            int length = (int) found;
            return switch (test) {
                case ValueTest.Is is -> is.value().matchesDecoded(block, start, length);
                case ValueTest.Present _ -> true;
                case ValueTest.Absent _ -> false;
                case ValueTest.Matches matches -> matches.regex().find(Query.decode(block, start, length));
            };
        }

        @Override
        public boolean excludes(Condition other) {
            return other instanceof QueryParameter that && name.equals(that.name) && test.excludes(that.test);
        }

        @Override
        public String toString() {
            return "query " + name + " " + test;
        }
    }

    /** The first cookie of that name passes the test; values are compared as they were sent. */
    record Cookie(Literal name, ValueTest test) implements Condition {
        @Override
        public boolean test(RequestHead head, ClientAddress client) {
            long found = Cookies.find(head.headers(), name);
            if (found == Cookies.ABSENT) {
                return test instanceof ValueTest.Absent;
            }
            byte[] block = head.headers().array();
            int start = (int) (found >>> 32);
            int length = (int) found;
            return switch (test) {
                case ValueTest.Is is -> is.value().matches(block, start, length);
                case ValueTest.Present _ -> true;
                case ValueTest.Absent _ -> false;
                case ValueTest.Matches matches -> matches.regex().find(block, start, length);
            };
        }

        @Override
        public boolean excludes(Condition other) {
            return other instanceof Cookie that && name.equals(that.name) && test.excludes(that.test);
        }

        @Override
        public String toString() {
            return "cookie " + name + " " + test;
        }
    }

    /** The client's address, trusted proxies looked through, is in the set. */
    record ClientIn(CidrSet ranges) implements Condition {
        @Override
        public boolean test(RequestHead head, ClientAddress client) {
            return ranges.contains(client);
        }

        @Override
        public boolean excludes(Condition other) {
            return other instanceof ClientIn that && ranges.disjoint(that.ranges);
        }

        @Override
        public String toString() {
            return "client in " + ranges;
        }
    }

    /**
     * The method is one of {@code names}, in any order.
     *
     * @throws IllegalArgumentException when there is none, or one is no token, or a method of RFC 9110 in the wrong case
     */
    static Condition method(Collection<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a method condition needs a method, such as GET");
        }
        // Sorted, so that equal sets are equal conditions.
        TreeSet<String> sorted = new TreeSet<>(names);
        List<Literal> literals = new ArrayList<>();
        for (String name : sorted) {
            checkMethod(name);
            literals.add(Literal.of(name));
        }
        return new MethodIn(List.copyOf(literals));
    }

    /** See {@link #method(Collection)}. */
    static Condition method(String... names) {
        return method(List.of(names));
    }

    private static void checkMethod(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        boolean token = bytes.length > 0;
        for (byte b : bytes) {
            token &= Octets.isToken(b);
        }
        if (!token) {
            throw new IllegalArgumentException("'" + name + "' is not a method");
        }
        String upper = name.toUpperCase(Locale.ROOT);
        byte[] upperBytes = Octets.ascii(upper);
        if (!upper.equals(name) && Method.of(upperBytes, 0, upperBytes.length) != Method.OTHER) {
            throw new IllegalArgumentException("methods are case-sensitive: write " + upper + " instead of " + name);
        }
    }

    /** A condition on a field; throws IllegalArgumentException when {@code name} is no field name. */
    static Condition header(String name, ValueTest test) {
        return new Header(HeaderName.of(name), test);
    }

    static Condition query(String name, ValueTest test) {
        return new QueryParameter(Literal.of(name), test);
    }

    static Condition cookie(String name, ValueTest test) {
        return new Cookie(Literal.of(name), test);
    }

    static Condition client(CidrSet ranges) {
        return new ClientIn(ranges);
    }
}
