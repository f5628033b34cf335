#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A disk of a few megabytes: SQLite's log alone must not fill it, while the
# database would have room.  And it does not, however long they talk: not once
# is a message refused.

use lib 't/lib';
use Chat;

use Load;

my $t = Chat->new(workers => 2);

plan(skip_all => 'only root may mount a small disk') if $> != 0;

my $state = $t->state_dir;
my ($user) = $t->_globals =~ /^user (\S+);/m;

mkdir $state or die "$state: $!";
system("mount -t tmpfs -o size=3m,mode=0700,uid=\$(id -u @{[$user // 'root']})"
       . " none '$state' 2>'@{[$t->dir]}/mount.log'") == 0
    or do {
        $t->{finished} = 1;
        plan(skip_all => 'mount: ' . ($t->read('mount.log') =~ s/\n//gr));
    };

END { system("umount -l '$state'") if $state && $> == 0 }

$t->config->start;

my $load = Load->new($t, visitors => 8)->start;

# some pages of 4 KiB a message

for (1 .. 4) {
    ok($load->go_on(150, 20), 'they talk') or last;
    $load->fault;
}

is($load->failures, 0, 'and are never refused')
    or diag(explain($load->problems));

my $log = -s "$state/chat.db-wal";

cmp_ok($log, '<', 2_500_000, "the log has $log bytes");
$load->finish;
$t->done;
