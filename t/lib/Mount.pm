package Mount;

# Copyright (C) ngx_chat_module contributors

# A small disk under the state directory, in memory, for as long as a test
# runs.  Where there can be none, as only root may mount, the test is skipped.
#
#     my $state = Mount::under($t, size => '12m');

use v5.36;

use Test::More;

my @mounted;


sub under ($t, %opt) {
    plan(skip_all => 'only root may mount a disk') if $> != 0;

    my $state = $t->state_dir;
    my $mode = $opt{mode} // '0700';
    my $uid = getpwnam($opt{user} // $t->user);

    mkdir $state or die "$state: $!";
    $opt{before}->($state) if $opt{before};

    if (system("mount -t tmpfs -o size=$opt{size},mode=$mode,uid=$uid none"
               . " '$state' 2>'@{[$t->dir]}/mount.log'") != 0)
    {
        $t->{finished} = 1;
        plan(skip_all => 'mount: ' . ($t->read('mount.log') =~ s/\n//gr));
    }

    push @mounted, $state;

    return $state;
}


END {
    local $?;
    system("umount -l '$_'") for @mounted;
}


1;
