package io.foregate.proxy.codec;

import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Heads as they come from the wire, and what they are read under. */
public final class Heads {
    /** The defaults of a configuration that says nothing. */
    static final HeadLimits LIMITS = new HeadLimits(8 * 1024, 32 * 1024, 100);

    /** What a load generator sends: one field. */
    static final String SMALL_REQUEST = """
            GET /small HTTP/1.1
            Host: 127.0.0.1:8080

            """;

    /** What a browser sends for a page's script: some 850 bytes, 15 fields, two of them for the connection alone. */
    static final String BROWSER_REQUEST = """
            GET /assets/app/main-7f3c2d1e.js?v=20260301 HTTP/1.1
            Host: app.example.com
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
            Accept-Language: en-GB,en;q=0.9,de-DE;q=0.8,de;q=0.7
            Accept-Encoding: gzip, deflate, br, zstd
            Referer: https://app.example.com/orders/overview?page=2
            Cookie: session=3f0b7a5c9e1d4c2b8a6f7e5d4c3b2a19; theme=dark; consent=all; _pk_id.1.1fff=9f8e7d6c5b4a3928.1767225600.
            Sec-Fetch-Dest: script
            Sec-Fetch-Mode: no-cors
            Sec-Fetch-Site: same-origin
            If-None-Match: "5f3c-61f0a1b2c3d40"
            Cache-Control: max-age=0
            Upgrade-Insecure-Requests: 1
            Keep-Alive: timeout=5
            Connection: keep-alive, Keep-Alive

            """;

    /** What a small origin answers: two fields. */
    static final String SMALL_RESPONSE = """
            HTTP/1.1 200 OK
            Content-Length: 13
            Content-Type: text/plain

            """;

    /** What an application server answers: some 550 bytes, 13 fields, two of them for the connection alone. */
    static final String APPLICATION_RESPONSE = """
            HTTP/1.1 200 OK
            Date: Sat, 28 Feb 2026 23:59:58 GMT
            Server: gunicorn
            Content-Type: text/html; charset=utf-8
            Content-Length: 10240
            Connection: keep-alive
            Keep-Alive: timeout=5
            Cache-Control: private, max-age=0, must-revalidate
            ETag: W/"2800-61f0a1b2c3d40"
            Vary: Accept-Encoding, Cookie
            Set-Cookie: session=3f0b7a5c9e1d4c2b8a6f7e5d4c3b2a19; Path=/; HttpOnly; Secure; SameSite=Lax
            Strict-Transport-Security: max-age=31536000; includeSubDomains
            X-Content-Type-Options: nosniff
            X-Frame-Options: DENY

            """;

    private Heads() {}

    /** {@code text}, whose lines end in LF, as a connection would receive it; read it again after a {@code readerIndex(0)}. */
    static ByteBuf received(String text) {
        byte[] bytes = Octets.ascii(text.replace("\n", "\r\n"));
        return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    }

    /** A parsed GET. */
    public static RequestHead request(String host, String target) {
        Http1RequestParser parser = new Http1RequestParser(LIMITS);
        RequestHead head = new RequestHead();
        head.clear();
        parser.begin(head);
        ByteBuf in = received("GET " + target + " HTTP/1.1\nHost: " + host + "\n\n");
        try {
            Http1HeadReader.Result result = parser.read(in, head);
            if (result != Http1HeadReader.Result.DONE) {
                throw new IllegalStateException(result + " " + parser.failure());
            }
        } finally {
            in.release();
        }
        return head;
    }
}
