package io.foregate.control.run;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.foregate.control.config.model.Config;
import java.nio.charset.StandardCharsets;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up the messages of the process itself, on standard error. Logback finds it as a service when the first logger is made:
 * without files to look for and XML to read, which would cost a good part of the start.
 */
public final class ErrorLog extends ContextAwareBase implements Configurator {
    /** The logger for who has changed what. It writes whatever the level. */
    public static final String AUDIT = "foregate.audit";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        LogLine layout = new LogLine();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        set(context, ch.qos.logback.classic.Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** From now on writes messages of that severity and above. */
    public static void level(Config.Level level) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            set(
                    context,
                    switch (level) {
                        case ERROR -> ch.qos.logback.classic.Level.ERROR;
                        case WARN -> ch.qos.logback.classic.Level.WARN;
                        case INFO -> ch.qos.logback.classic.Level.INFO;
                        case DEBUG -> ch.qos.logback.classic.Level.DEBUG;
                    });
        }
    }

    private static void set(LoggerContext context, ch.qos.logback.classic.Level level) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
        // Netty tells of its own making, which means nothing to who runs a proxy.
        boolean quieter = level.isGreaterOrEqual(ch.qos.logback.classic.Level.WARN);
        context.getLogger(AUDIT).setLevel(ch.qos.logback.classic.Level.INFO);
        context.getLogger("io.netty").setLevel(quieter ? level : ch.qos.logback.classic.Level.WARN);
    }
}
