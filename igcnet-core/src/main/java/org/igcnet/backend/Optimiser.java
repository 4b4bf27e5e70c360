package org.igcnet.backend;

/**
 * Stochastic gradient descent with Nesterov's momentum and weight decay, as PyTorch has it:
 *
 * <pre>
 *   g ← g + λw        v ← μv + g        w ← w − η(g + μv)
 * </pre>
 *
 * <p>What decays is said by {@link org.igcnet.arch.Parameter.Role#decayed}.
 *
 * @param momentum μ
 * @param weightDecay λ
 */
public record Optimiser(double momentum, double weightDecay) {}
