package io.taskmanager;

import org.jspecify.annotations.Nullable;

/**
 * For a {@link ResourceFactory} to throw from {@code create()} when no other try can be of use before a person has changed
 * something: a wrong password, say, which would lock the account. The manager then creates nothing until {@link
 * TaskManagerControl#probe()}, {@link TaskManagerControl#recycle()} or {@link TaskManagerControl#resize}.
 */
public class UnrecoverableResourceException extends TaskManagerException {

    private static final long serialVersionUID = 1L;

    public UnrecoverableResourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public UnrecoverableResourceException(String message) {
        this(message, null);
    }
}
