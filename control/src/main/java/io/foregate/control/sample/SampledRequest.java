package io.foregate.control.sample;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.RequestText;
import io.foregate.proxy.route.CidrSet;
import io.foregate.proxy.route.Condition;
import io.foregate.proxy.route.Literal;
import io.foregate.proxy.route.Query;
import io.foregate.proxy.route.ValueTest;
import io.foregate.proxy.sample.Marks;
import io.foregate.proxy.sample.SampledHead;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request, made anew of what was kept of it, as far as that goes. Parameters of the query have no value in it, and fields of
 * which there is only a mark are missing: {@link #test} knows more than the head. One thread.
 */
public final class SampledRequest {
    private static final HeadLimits ROOMY = new HeadLimits(16 * 1024, 64 * 1024, 1000);
    private static final int IPV4_HOSTS = 256;
    private static final int IPV6_PROBES = 16;

    private final SampledHead kept;
    private final Marks marks;
    private final RequestHead head;
    private final ClientAddress network = new ClientAddress();

    private SampledRequest(SampledHead kept, Marks marks, RequestHead head) {
        this.kept = kept;
        this.marks = marks;
        this.head = head;
        network.set(kept.origin().clientHigh(), kept.origin().clientLow());
    }

    /**
     * Null where too little was kept.
     *
     * @param head what it is made in; it can serve for the next one when this one isn't needed any more
     */
    public static @Nullable SampledRequest of(SampledHead kept, Marks marks, RequestHead head) {
        SampledHead.Target target = kept.target();
        if (target == null || RequestText.read(text(kept, target), ROOMY, head) != null) {
            return null;
        }
        head.secure(kept.origin().secure());
        return new SampledRequest(kept, marks, head);
    }

    private static byte[] text(SampledHead kept, SampledHead.Target target) {
        StringBuilder text = new StringBuilder();
        text.append(target.method()).append(' ').append(target.path());
        if (kept.query().present()) {
            text.append('?').append(String.join("=&", kept.query().names()));
        }
        text.append(
                target.authority().isEmpty() ? " HTTP/1.0\r\n" : " HTTP/1.1\r\nHost: " + target.authority() + "\r\n");
        kept.known().values().forEach((name, value) -> {
            if (!name.equals(HeaderName.HOST)) {
                text.append(name).append(": ").append(value).append("\r\n");
            }
        });
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    public SampledHead kept() {
        return kept;
    }

    /** The head; whoever changes it makes a copy. */
    public RequestHead head() {
        return head;
    }

    /** An address in the client's network. */
    public ClientAddress client() {
        return network;
    }

    /** Whether the request met a condition. */
    public Truth test(Condition condition) {
        return switch (condition) {
            case Condition.MethodIn method -> Truth.of(method.test(head, network));
            case Condition.Header header -> field(header);
            case Condition.QueryParameter(Literal name, ValueTest test) -> parameter(name, test);
            case Condition.Cookie(Literal name, ValueTest test) -> cookie(name, test);
            case Condition.ClientIn(CidrSet ranges) -> client(ranges);
        };
    }

    private Truth field(Condition.Header condition) {
        HeaderName name = condition.name();
        SampledHead.Known known = kept.known();
        if (name.equals(HeaderName.HOST) || known.values().containsKey(name)) {
            return Truth.of(condition.test(head, network));
        }
        if (known.marks().containsKey(name)) {
            return marked(condition.test(), known.marks().get(name));
        }
        boolean asked =
                kept.kept().values().contains(name) || kept.kept().marked().contains(name);
        return missing(condition.test(), (asked && !known.cut()) || !kept.mayHaveField(name.toString()));
    }

    private Truth parameter(Literal name, ValueTest test) {
        SampledHead.Known known = kept.known();
        Map<Literal, Long> marked = known.parameters();
        if (marked.containsKey(name)) {
            return marked(test, marked.get(name));
        }
        boolean asked = kept.kept().parameters().contains(name) && !known.cut();
        if (!asked && Query.find(head, name) != Query.ABSENT) {
            return marked(test, null);
        }
        return missing(test, asked || !kept.query().others());
    }

    private Truth cookie(Literal name, ValueTest test) {
        SampledHead.Known known = kept.known();
        if (known.cookies().containsKey(name)) {
            return marked(test, known.cookies().get(name));
        }
        boolean asked = kept.kept().cookies().contains(name) && !known.cut();
        return missing(test, asked || !kept.mayHaveCookie(name.toString()));
    }

    // It isn't among what is known, which means something only where it would be.
    private static Truth missing(ValueTest test, boolean absent) {
        return absent ? Truth.of(test instanceof ValueTest.Absent) : Truth.UNKNOWN;
    }

    // It is there.
    private Truth marked(ValueTest test, @Nullable Long mark) {
        return switch (test) {
            case ValueTest.Present _ -> Truth.YES;
            case ValueTest.Absent _ -> Truth.NO;
            case ValueTest.Matches _ -> Truth.UNKNOWN;
            case ValueTest.Is(Literal value) -> {
                byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
                yield mark == null ? Truth.UNKNOWN : Truth.of(marks.of(bytes, 0, bytes.length) == mark);
            }
        };
    }

    private Truth client(CidrSet ranges) {
        String block = network + (network.isIpv4() ? "/24" : "/48");
        if (ranges.disjoint(CidrSet.of(block))) {
            return Truth.NO;
        }
        ClientAddress one = new ClientAddress();
        int probes = network.isIpv4() ? IPV4_HOSTS : IPV6_PROBES;
        for (int i = 0; i < probes; i++) {
            if (network.isIpv4()) {
                one.set(network.high(), network.low() | i);
            } else {
                // Spread over the whole network, its last address among them.
                one.set(network.high() | i * 0x1111L, i == 0 ? 0 : -1);
            }
            if (!ranges.contains(one)) {
                return Truth.UNKNOWN;
            }
        }
        return Truth.YES;
    }
}
