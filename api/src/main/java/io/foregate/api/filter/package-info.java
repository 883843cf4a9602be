/** What an extension implements to look at, change, answer or refuse an exchange. */
@NullMarked
package io.foregate.api.filter;

import org.jspecify.annotations.NullMarked;
