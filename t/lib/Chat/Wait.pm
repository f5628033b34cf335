package Chat::Wait;

# Copyright (C) ngx_chat_module contributors

# Waits for a condition, and lets polls and streams go on meanwhile.

use v5.36;

use Carp qw(croak);
use Exporter qw(import);
use Mojo::IOLoop ();
use Time::HiRes qw(time);

our @EXPORT_OK = qw(wait_for);

use constant STEP => 0.005;


# Returns what the condition did, or false when the time is up.

sub wait_for :prototype(&;$$) ($condition, $timeout = 10, $what = undef) {
    my $until = time + $timeout;

    croak 'wait_for() inside a callback' if Mojo::IOLoop->is_running;

    while (1) {
        my $result = $condition->();

        return $result if $result;

        if (time >= $until) {
            Test::More::diag("$timeout s are over: $what") if defined $what;
            return;
        }

        Mojo::IOLoop->timer(STEP, sub { Mojo::IOLoop->stop });
        Mojo::IOLoop->start;
    }
}


1;
