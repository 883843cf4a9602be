package io.foregate.proxy.server;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;

/** How the kernel is asked: epoll on Linux, io_uring when chosen, the JDK's selector anywhere else. */
public enum Transport {
    EPOLL(true) {
        @Override
        public boolean available() {
            return Epoll.isAvailable();
        }

        @Override
        IoHandlerFactory handlers() {
            return LastingEpoll.newFactory();
        }

        @Override
        ChannelFactory<? extends ServerSocketChannel> serverSockets() {
            return EpollServerSocketChannel::new;
        }

        @Override
        ChannelFactory<? extends SocketChannel> sockets() {
            return EpollSocketChannel::new;
        }
    },
    IO_URING(true) {
        @Override
        public boolean available() {
            return IoUring.isAvailable();
        }

        @Override
        IoHandlerFactory handlers() {
            return IoUringIoHandler.newFactory();
        }

        @Override
        ChannelFactory<? extends ServerSocketChannel> serverSockets() {
            return IoUringServerSocketChannel::new;
        }

        @Override
        ChannelFactory<? extends SocketChannel> sockets() {
            return IoUringSocketChannel::new;
        }
    },
    NIO(false) {
        @Override
        public boolean available() {
            return true;
        }

        @Override
        IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        ChannelFactory<? extends ServerSocketChannel> serverSockets() {
            return NioServerSocketChannel::new;
        }

        @Override
        ChannelFactory<? extends SocketChannel> sockets() {
            return NioSocketChannel::new;
        }
    };

    private final boolean reusePort;

    Transport(boolean reusePort) {
        this.reusePort = reusePort;
    }

    /** Whether several sockets may listen on one port, one for each loop. */
    boolean reusePort() {
        return reusePort;
    }

    /** Whether it works on this machine. */
    public abstract boolean available();

    abstract IoHandlerFactory handlers();

    abstract ChannelFactory<? extends ServerSocketChannel> serverSockets();

    abstract ChannelFactory<? extends SocketChannel> sockets();

    /** Its name as the configuration and {@code version} write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Why it doesn't work on this machine, in a few words; empty when it does. */
    public String obstacle() {
        Throwable cause = switch (this) {
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case NIO -> null;
        };
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null ? "" : String.valueOf(cause.getMessage());
    }

    /** epoll where it works, else the portable one. */
    public static Transport preferred() {
        return EPOLL.available() ? EPOLL : NIO;
    }
}
