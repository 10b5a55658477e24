package io.taskmanager;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What {@link ResourceFactory.Builder} builds. */
class BuiltFactory<R> implements ResourceFactory<R> {

    private final Callable<? extends R> create;
    private final Destroyer<? super R> destroy;
    private final @Nullable Validator<? super R> validate;
    private final boolean threadBound;

    BuiltFactory(
            Callable<? extends R> create,
            Destroyer<? super R> destroy,
            @Nullable Validator<? super R> validate,
            boolean threadBound) {
        this.create = create;
        this.destroy = destroy;
        this.validate = validate;
        this.threadBound = threadBound;
    }

    @Override
    public final R create() throws Exception {
        return create.call();
    }

    @Override
    public final void destroy(R resource) throws Exception {
        destroy.destroy(resource);
    }

    @Override
    public final boolean validate(R resource) {
        if (validate == null) {
            return true;
        }
        try {
            return validate.validate(resource);
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException(e.toString(), e);
        }
    }

    @Override
    public final boolean threadBound() {
        return threadBound;
    }
}
