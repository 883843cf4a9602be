package io.foregate.proxy.route;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.TargetPath;
import io.foregate.proxy.upstream.Timeouts;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Request heads as a codec would leave them, and what else a match or a filter needs. */
public final class Requests {
    private Requests() {}

    public static RequestHead get(String host, String target, String... fields) {
        return head("GET", host, target, fields);
    }

    /** A head whose fields are written {@code Name: value}. */
    public static RequestHead head(String method, String host, String target, String... fields) {
        RequestHead head = new RequestHead();
        head.clear();
        fill(head, method, host, target, fields);
        return head;
    }

    public static void fill(RequestHead head, String method, String host, String target, String... fields) {
        head.clear();
        Headers block = head.headers();
        byte[] methodBytes = Octets.ascii(method);
        head.method(Method.of(methodBytes, 0, methodBytes.length), block.end(), methodBytes.length);
        block.append(methodBytes);
        block.append((byte) ' ');
        RequestHead.TargetForm form =
                target.equals("*") ? RequestHead.TargetForm.ASTERISK : RequestHead.TargetForm.ORIGIN;
        head.target(form, block.end(), target.length());
        block.append(Octets.ascii(target));
        block.append(Octets.ascii(" HTTP/1.1\r\n"));
        block.add(HeaderName.HOST, host);
        int at = block.find(HeaderName.HOST);
        int port = host.startsWith("[") ? host.indexOf(':', host.indexOf(']')) : host.indexOf(':');
        head.authority(block.valueStart(at), host.length(), port < 0 ? host.length() : port);
        for (String field : fields) {
            int colon = field.indexOf(": ");
            block.add(
                    HeaderName.of(field.substring(0, colon)),
                    field.substring(colon + 2).getBytes(StandardCharsets.UTF_8));
        }
        if (!TargetPath.resolve(head)) {
            throw new IllegalArgumentException("refused: " + target);
        }
    }

    public static ClientAddress client(String address) {
        ClientAddress client = new ClientAddress();
        byte[] bytes = Octets.ascii(address);
        if (!client.parse(bytes, 0, bytes.length)) {
            throw new IllegalArgumentException(address);
        }
        return client;
    }

    /** A route that answers 200; its pattern is its name. */
    public static Route route(String name) {
        RouteSettings settings = new RouteSettings(
                Long.MAX_VALUE, new Timeouts(1, 1, 1, 1, 1), RetryPolicy.of(1), RouteSettings.ForwardedMode.OFF, false);
        return new Route(
                "site", name, List.of(), settings, new RouteAction.Respond(new Verdict.Respond(200, List.of(), null)));
    }

    /** The exchange of {@code head} by a client at 192.0.2.7, with the request id {@code r-1}. */
    public static FilterContext context(RequestHead head) {
        byte[] id = Octets.ascii("r-1 and what the buffer held before");
        byte[] client = Octets.ascii("192.0.2.7");
        return new FilterContext() {
            @Override
            public RequestHead request() {
                return head;
            }

            @Override
            public byte[] clientAddress() {
                return client;
            }

            @Override
            public byte[] requestId() {
                return id;
            }

            @Override
            public int requestIdLength() {
                return 3;
            }

            @Override
            public void execute(Runnable task) {
                throw new AssertionError("a value is read from the request alone");
            }

            @Override
            public void resume(Verdict verdict) {
                throw new AssertionError("a value is read from the request alone");
            }
        };
    }
}
