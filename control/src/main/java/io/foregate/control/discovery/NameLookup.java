package io.foregate.control.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Asks for the addresses of a name. May block for as long as a name service takes. */
@FunctionalInterface
public interface NameLookup {
    /** All addresses, the preferred first; never none. */
    List<InetAddress> addresses(String host) throws UnknownHostException;
}
