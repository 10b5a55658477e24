package io.taskmanager.sample.web;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** Checks of what a request asks for. */
final class Checks {

    private Checks() {}

    /** The value, if it is in the range; else the answer is 400. */
    static int inRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST,
                    "\"" + name + "\" must be from " + least + " to " + most + ", but was " + value);
        }
        return value;
    }
}
