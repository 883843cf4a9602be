package io.foregate.proxy.codec.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Octets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Priority fields (RFC 9218 §4), and what is made of those that aren't well-formed. */
final class StreamPriorityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|3|false",
                "u=0|0|false",
                "u=7, i|7|true",
                "i|3|true",
                "i=?1, u=2|2|true",
                "u=2, i=?0|2|false",
                "u=5;x=1, other=3|5|false",
                "u=8|3|false",
                "u=12|3|false",
                "u=-1|3|false",
                "u|3|false",
                "important|3|false",
                "u=1, u=4|4|false",
            })
    void isRead(String value, int urgency, boolean incremental) {
        byte[] bytes = Octets.ascii(value);
        int priority = StreamPriority.parse(bytes, 0, bytes.length);
        assertThat(priority & StreamPriority.URGENCY_BITS).isEqualTo(urgency);
        assertThat((priority & StreamPriority.INCREMENTAL) != 0).isEqualTo(incremental);
    }
}
