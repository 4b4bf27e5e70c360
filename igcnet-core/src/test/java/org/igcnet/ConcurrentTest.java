package org.igcnet;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * A test of threads that meet, which runs fifty times. {@code .ci/repeat} runs these tests alone,
 * on one core and beside a busy loop.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RepeatedTest(value = 50, failureThreshold = 1)
@Tag("concurrent")
@Timeout(value = 1, unit = TimeUnit.MINUTES)
public @interface ConcurrentTest {}
