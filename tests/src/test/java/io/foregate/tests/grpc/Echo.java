package io.foregate.tests.grpc;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A service with a method of every kind, whose messages are texts; written without generated code. */
final class Echo implements BindableService {
    private static final String NAME = "test.Echo";
    private static final int BLOCK_CHARS = 64 * 1024;

    /** A text as the bytes of a message. */
    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static final MethodDescriptor<String, String> ONE = method("One", MethodType.UNARY);
    static final MethodDescriptor<String, String> JOIN = method("Join", MethodType.CLIENT_STREAMING);
    static final MethodDescriptor<String, String> SPLIT = method("Split", MethodType.SERVER_STREAMING);
    static final MethodDescriptor<String, String> BLOCKS = method("Blocks", MethodType.SERVER_STREAMING);
    static final MethodDescriptor<String, String> TALK = method("Talk", MethodType.BIDI_STREAMING);

    /** Blocks that were handed to gRPC so far. */
    final AtomicInteger blocks = new AtomicInteger();
    /** Counted down when a call of {@link #TALK} is cancelled. */
    final CountDownLatch cancelled = new CountDownLatch(1);

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, name))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    static String call(Channel channel, MethodDescriptor<String, String> method, String message) {
        return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, message);
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(NAME)
                .addMethod(ONE, ServerCalls.asyncUnaryCall(Echo::one))
                .addMethod(JOIN, ServerCalls.asyncClientStreamingCall(Echo::join))
                .addMethod(SPLIT, ServerCalls.asyncServerStreamingCall(Echo::split))
                .addMethod(BLOCKS, ServerCalls.asyncServerStreamingCall(this::blocks))
                .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(this::talk))
                .build();
    }

    /** Says the same; {@code fail} is refused with trailers of its own. */
    private static void one(String request, StreamObserver<String> answer) {
        if (request.equals("fail")) {
            Metadata trailers = new Metadata();
            trailers.put(Metadata.Key.of("reason", Metadata.ASCII_STRING_MARSHALLER), "of its own");
            trailers.put(Metadata.Key.of("proof-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {0, 1, (byte) 0xff});
            answer.onError(
                    Status.FAILED_PRECONDITION.withDescription("100 % schön").asRuntimeException(trailers));
            return;
        }
        answer.onNext(request);
        answer.onCompleted();
    }

    private static void split(String request, StreamObserver<String> answer) {
        for (String part : request.split(",", -1)) {
            answer.onNext(part);
        }
        answer.onCompleted();
    }

    /** As many large messages as the request says, as fast as they are taken. */
    private void blocks(String request, StreamObserver<String> answer) {
        var call = (ServerCallStreamObserver<String>) answer;
        int wanted = Integer.parseInt(request);
        String block = "b".repeat(BLOCK_CHARS);
        call.setOnReadyHandler(() -> {
            while (call.isReady() && blocks.get() < wanted) {
                blocks.incrementAndGet();
                call.onNext(block);
                if (blocks.get() == wanted) {
                    call.onCompleted();
                }
            }
        });
    }

    /** Joins what comes; ends early at the word {@code stop}. */
    private static StreamObserver<String> join(StreamObserver<String> answer) {
        return new StreamObserver<>() {
            private final StringBuilder all = new StringBuilder();
            private boolean over;

            @Override
            public void onNext(String part) {
                if (!over && part.equals("stop")) {
                    over = true;
                    answer.onError(
                            Status.RESOURCE_EXHAUSTED.withDescription("enough").asRuntimeException());
                }
                all.append(part);
            }

            @Override
            public void onError(Throwable broken) {}

            @Override
            public void onCompleted() {
                if (!over) {
                    answer.onNext(all.toString());
                    answer.onCompleted();
                }
            }
        };
    }

    private StreamObserver<String> talk(StreamObserver<String> answer) {
        ((ServerCallStreamObserver<String>) answer).setOnCancelHandler(cancelled::countDown);
        return new StreamObserver<>() {
            @Override
            public void onNext(String word) {
                answer.onNext("you said " + word);
            }

            @Override
            public void onError(Throwable broken) {}

            @Override
            public void onCompleted() {
                answer.onCompleted();
            }
        };
    }
}
