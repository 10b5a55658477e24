package com.example.day;

/** What the tasks of a manager do. */
interface Work<R> {

    /** Does the piece of work of that number, which may be done twice. */
    void run(R resource, long number) throws Exception;
}
