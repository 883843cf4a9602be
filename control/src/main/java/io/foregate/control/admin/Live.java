package io.foregate.control.admin;

import io.foregate.control.reload.Reloader;
import io.foregate.control.run.Foregate;
import java.time.Instant;

/**
 * The process that calls are about.
 *
 * @param version of the program
 * @param started when the API began to answer
 */
record Live(Foregate foregate, Reloader reloader, Audit audit, String version, Instant started) {}
