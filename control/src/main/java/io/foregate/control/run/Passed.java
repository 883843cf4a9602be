package io.foregate.control.run;

import io.foregate.control.os.InheritedSockets;
import java.util.List;

/**
 * The sockets of one listener, for another process. A value.
 *
 * @param descriptors of this process, open as long as the listener is
 */
public record Passed(InheritedSockets.Label label, List<Integer> descriptors) {}
