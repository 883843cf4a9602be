package io.foregate.tests.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call from its client's side, whose messages are asked for one by one. */
final class Talk extends ClientCall.Listener<String> {
    private final ClientCall<String, String> call;
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private @Nullable Metadata trailers;

    Talk(Channel channel, MethodDescriptor<String, String> method, Metadata headers) {
        call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(this, headers);
    }

    Talk(Channel channel, MethodDescriptor<String, String> method) {
        this(channel, method, new Metadata());
    }

    Talk say(String message) {
        call.sendMessage(message);
        return this;
    }

    Talk done() {
        call.halfClose();
        return this;
    }

    void cancel() {
        call.cancel("the test has seen enough", null);
    }

    /** Asks for a message, and waits for it. */
    String hear() throws InterruptedException {
        call.request(1);
        String message = messages.poll(30, TimeUnit.SECONDS);
        assertThat(message).as("a message").isNotNull();
        return String.valueOf(message);
    }

    /** Takes all that may still come, and waits for the call's end. */
    Status end() throws Exception {
        call.request(1_000_000);
        return end.get(30, TimeUnit.SECONDS);
    }

    boolean over() {
        return end.isDone();
    }

    /** How many messages have come and weren't heard. */
    int unheard() {
        return messages.size();
    }

    /** What came with the end. */
    @Nullable
    Metadata trailers() {
        return trailers;
    }

    @Override
    public void onMessage(String message) {
        messages.add(message);
    }

    @Override
    public void onClose(Status status, Metadata last) {
        trailers = last;
        end.complete(status);
    }
}
