package io.foregate.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CombinedFormatTest {
    private static final Pattern LINE = Pattern.compile(
            "[!-~]+ - - \\[[^]]+] \"[ -~&&[^\"]]+\" \\d{3} \\d+ \"[ -~&&[^\"]]+\" \"[ -~&&[^\"]]+\" id=[!-~]+ host=[!-~]+"
                    + " upstream=[!-~]+ attempts=\\d+ upstream_status=[0-9-]+ grpc_status=[0-9-]+ queue=[0-9.-]+ connect=[0-9.-]+"
                    + " first_byte=[0-9.-]+ transfer=[0-9.-]+ total=[0-9.-]+ phase=[a-z_]+ failure=[a-z_/0-9-]+\n");

    private final CombinedFormat format = new CombinedFormat();

    @Test
    void writesACombinedLineAndItsTail() {
        assertThat(Records.line(format, Records.typical()))
                .isEqualTo("192.0.2.7 - - [28/Feb/2026:23:59:58 +0000] \"GET /api/items?page=2 HTTP/1.1\" 200 5120 "
                        + "\"https://app.example.com/start\" "
                        + "\"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\" "
                        + "id=01jd7c5e8k host=app.example.com upstream=api/10.0.0.1:8080 attempts=1 "
                        + "upstream_status=200 grpc_status=- queue=0.012 connect=1.000 first_byte=11.947 transfer=1.500 total=14.500 "
                        + "phase=done failure=-\n");
    }

    @Test
    void whatIsAbsentIsADash() {
        AccessRecord record = new AccessRecord();
        record.startEpochMillis = Records.START_MILLIS;
        record.failure = Failure.client(Failure.Kind.HEAD_TIMEOUT, "10 s");
        assertThat(Records.line(format, record))
                .isEqualTo("- - - [28/Feb/2026:23:59:58 +0000] \"-\" 000 0 \"-\" \"-\" id=- host=- upstream=- "
                        + "attempts=0 upstream_status=- grpc_status=- queue=- connect=- first_byte=- transfer=- total=- "
                        + "phase=read_head failure=client/head_timeout\n");
    }

    @Test
    void escapesAsNginxDoes() {
        AccessRecord record = Records.typical();
        record.request = Records.request(
                Records.utf8("GET"),
                Records.utf8("a b"),
                Records.utf8("/"),
                Records.utf8("é \"\\\n\u007f"),
                Records.utf8("x"));
        assertThat(Records.line(format, record))
                .contains("\"\\xC3\\xA9 \\x22\\x5C\\x0A\\x7F\" id=")
                .contains(" host=a\\x20b ");
    }

    @Test
    void hostileValuesStayInsideTheirField() {
        HostileBytes hostile = new HostileBytes(31);
        for (int i = 0; i < 20_000; i++) {
            AccessRecord record = Records.typical();
            record.request = Records.request(
                    hostile.next(60), hostile.next(300), hostile.next(5_000), hostile.next(2_000), hostile.next(3_000));
            Records.id(record, hostile.next(128));
            record.pool = hostile.next(300);
            String line = Records.line(format, record);
            assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThan(AccessFormat.MAX_RECORD_BYTES);
            assertThat(LINE.matcher(line).matches()).as(line).isTrue();
        }
    }
}
