package io.taskmanager.sample.web;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.sample.image.ImageTooLargeException;
import io.taskmanager.sample.image.UnreadableImageException;
import io.taskmanager.sample.imports.ImportFolderException;
import io.taskmanager.sample.imports.TooManyImportsException;
import io.taskmanager.sample.photo.PhotoNotFoundException;
import io.taskmanager.sample.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.multipart.MultipartException;

/**
 * Answers errors with problem details. What a task threw arrives as the cause of an exception of the task manager;
 * Spring looks for a handler of the causes too, so nothing has to be unwrapped here.
 */
@RestControllerAdvice
final class ProblemHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final String RETRY_SECONDS = "2";

    @ExceptionHandler
    ProblemDetail unreadable(UnreadableImageException e) {
        return problem(HttpStatus.UNPROCESSABLE_CONTENT, e);
    }

    @ExceptionHandler
    ProblemDetail tooLarge(ImageTooLargeException e) {
        return problem(HttpStatus.CONTENT_TOO_LARGE, e);
    }

    @ExceptionHandler
    ProblemDetail notFound(PhotoNotFoundException e) {
        return problem(HttpStatus.NOT_FOUND, e);
    }

    @ExceptionHandler
    ProblemDetail badFolder(ImportFolderException e) {
        HttpStatus status = switch (e.fault()) {
            case MALFORMED -> HttpStatus.BAD_REQUEST;
            case OUTSIDE -> HttpStatus.FORBIDDEN;
            case MISSING -> HttpStatus.NOT_FOUND;
        };
        return problem(status, e);
    }

    /** A body that is called a form and is none. */
    @ExceptionHandler
    ProblemDetail badForm(MultipartException e) {
        log.debug("answered 400: {}", e.toString());
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.BAD_REQUEST,
                "the body is no multipart form that can be read; send a form with a field \"file\", as curl -F does, or"
                        + " the bytes of the picture alone with another Content-Type");
    }

    /** The data folder is full, or can't be written. */
    @ExceptionHandler
    ProblemDetail notKept(StoreException e) {
        log.error("answered 507", e);
        return problem(HttpStatus.INSUFFICIENT_STORAGE, e);
    }

    /** The queue is full, the resources are away, or the service is going down: none of it is the client's fault. */
    @ExceptionHandler({
        TaskRejectedException.class,
        TaskTimeoutException.class,
        RetriesExhaustedException.class,
        ResourceCreationException.class,
        TaskCancelledException.class,
        TooManyImportsException.class
    })
    ResponseEntity<ProblemDetail> busy(RuntimeException e) {
        log.debug("answered 503", e);
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
                .body(ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, reason(e)));
    }

    /** An error that tells of another one repeats its message, which may name paths of this machine. */
    private static String reason(RuntimeException e) {
        return e.getCause() == null
                ? String.valueOf(e.getMessage())
                : "the service can't work on photos now; /actuator/health says why";
    }

    private static ProblemDetail problem(HttpStatus status, RuntimeException e) {
        return ProblemDetail.forStatusAndDetail(status, String.valueOf(e.getMessage()));
    }
}
