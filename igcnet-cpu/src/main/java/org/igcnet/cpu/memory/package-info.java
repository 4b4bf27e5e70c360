/**
 * What holds numbers between two kernels, and the threads that compute, each with memory of its
 * own.
 */
@NullMarked
package org.igcnet.cpu.memory;

import org.jspecify.annotations.NullMarked;
