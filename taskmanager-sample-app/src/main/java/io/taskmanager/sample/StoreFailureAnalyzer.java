package io.taskmanager.sample;

import io.taskmanager.sample.store.StoreException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in a line why the application does not start on a data folder that it can't write. */
class StoreFailureAnalyzer extends AbstractFailureAnalyzer<StoreException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StoreException cause) {
        return new FailureAnalysis(
                cause.getMessage(), "Make the folder writable, or set photos.data=FOLDER to another one.", cause);
    }
}
