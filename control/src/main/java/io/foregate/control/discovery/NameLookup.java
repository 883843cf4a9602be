package io.foregate.control.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** Asks for the addresses of a name. May block for as long as a name service takes. */
@FunctionalInterface
public interface NameLookup {
    /**
     * What a name stands for.
     *
     * @param addresses the preferred first; never none
     * @param life for how long that holds
     */
    record Answer(List<InetAddress> addresses, Duration life) {
        public Answer {
            addresses = List.copyOf(addresses);
        }
    }

    /** Which addresses are wanted. */
    enum Family {
        ANY,
        IPV4,
        IPV6
    }

    /**
     * All addresses of {@code host}.
     *
     * @throws UnknownHostException whose message says why there are none
     */
    Answer addresses(String host, Family family) throws UnknownHostException, InterruptedException;
}
