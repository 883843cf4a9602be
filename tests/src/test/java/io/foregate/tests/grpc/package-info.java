/** gRPC through the proxy, with the client and server of grpc-java. */
@NullMarked
package io.foregate.tests.grpc;

import org.jspecify.annotations.NullMarked;
