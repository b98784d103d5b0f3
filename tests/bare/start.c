/* bare/start.c - where a program begins that has no operating system's library: on Linux for 32-bit Arm, so
 * that an emulator can run what a device would.
 */
int main(void);
_Noreturn void _start(void);

_Noreturn void _start(void)
{
    register int status __asm__("r0") = main();
    for (;;)
        __asm__ volatile("mov r7, #1\n\tsvc #0" : "+r"(status) : : "r7", "memory"); /* exit(status) */
}
