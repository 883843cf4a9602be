package io.foregate.control.admin;

import io.foregate.control.config.model.Admin;

/**
 * Who calls.
 *
 * @param name of the token, or of the user of this machine where there are no tokens
 * @param from where the call comes from, for people
 */
record Caller(String name, Admin.Role role, String from) {}
